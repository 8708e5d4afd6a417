#include "io/metadata.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace greenroom::io {
namespace {

Metadata sample() {
    Metadata metadata("m.gguf");
    metadata.insert("u", std::uint64_t{7});
    metadata.insert("negative", std::int64_t{-7});
    metadata.insert("signed", std::int64_t{9});
    metadata.insert("f", 0.5);
    metadata.insert("flag", true);
    metadata.insert("text", std::string("he\x1bllo"));
    metadata.insert("texts", std::vector<std::string>{"a", "b"});
    metadata.insert("i32s", std::vector<std::int32_t>{-1, 2});
    metadata.insert("f32s", std::vector<float>{0.5f});
    metadata.insert("big", std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()});
    return metadata;
}

TEST(Metadata, ConvertsIntegersThatFit) {
    const Metadata m = sample();
    EXPECT_EQ(**m.unsigned_integer("u"), 7u);
    EXPECT_EQ(**m.unsigned_integer("signed"), 9u);
    EXPECT_EQ(**m.number("negative"), -7.0);
    EXPECT_EQ(**m.number("u"), 7.0);
    EXPECT_EQ(**m.number("f"), 0.5);
    EXPECT_TRUE(**m.boolean("flag"));
    EXPECT_EQ(**m.text("text"), "he\x1bllo");
    EXPECT_EQ((*m.texts("texts"))->size(), 2u);
    EXPECT_EQ(**m.integers("i32s"), (std::vector<std::int64_t>{-1, 2}));
    EXPECT_EQ(**m.floats("i32s"), (std::vector<float>{-1, 2}));
    EXPECT_EQ(**m.floats("f32s"), (std::vector<float>{0.5f}));
}

TEST(Metadata, AbsentKeysAreEmptyNotErrors) {
    const Metadata m = sample();
    EXPECT_FALSE(m.unsigned_integer("none")->has_value());
    EXPECT_FALSE(m.number("none")->has_value());
    EXPECT_FALSE(m.boolean("none")->has_value());
    EXPECT_EQ(*m.text("none"), nullptr);
    EXPECT_EQ(*m.texts("none"), nullptr);
    EXPECT_FALSE(m.floats("none")->has_value());
    EXPECT_FALSE(m.integers("none")->has_value());
}

TEST(Metadata, WrongTypesNameFileKeyAndWhatWasFound) {
    const Metadata m = sample();
    EXPECT_EQ(m.unsigned_integer("negative").error().message,
              "m.gguf: negative is integer -7; expected an integer of at least 0");
    EXPECT_EQ(m.number("text").error().message,
              "m.gguf: text is string \"he\\x1bllo\"; expected a number");
    EXPECT_EQ(m.boolean("u").error().message, "m.gguf: u is integer 7; expected a boolean");
    EXPECT_EQ(m.text("texts").error().message,
              "m.gguf: texts is array of 2 strings; expected a string");
    EXPECT_EQ(m.texts("i32s").error().message,
              "m.gguf: i32s is array of 2 integers; expected an array of strings");
    EXPECT_FALSE(m.floats("texts"));
    EXPECT_FALSE(m.integers("f32s"));
    EXPECT_FALSE(m.integers("big"));
    EXPECT_FALSE(m.unsigned_integer("f"));
}

TEST(Metadata, KeepsTheFirstOfTwoAndTheOrder) {
    Metadata m("x");
    EXPECT_TRUE(m.insert("b", std::uint64_t{1}));
    EXPECT_TRUE(m.insert("a", std::uint64_t{2}));
    EXPECT_FALSE(m.insert("b", std::uint64_t{3}));
    EXPECT_EQ(m.keys(), (std::vector<std::string>{"b", "a"}));
    EXPECT_EQ(**m.unsigned_integer("b"), 1u);
}

}  // namespace
}  // namespace greenroom::io
