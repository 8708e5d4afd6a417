#include "runtime/text/jinja/syntax/literals.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

TEST(Literals, ReadIntegersInFourBases) {
    const auto reads = [](std::string_view text, std::uint64_t value) {
        const auto found = parse_integer_literal(text);
        return found && found->as_integer() == Integer{value};
    };
    EXPECT_TRUE(reads("0", 0));
    EXPECT_TRUE(reads("1_000", 1000));
    EXPECT_TRUE(reads("0x1F", 31));
    EXPECT_TRUE(reads("0o17", 15));
    EXPECT_TRUE(reads("0B11", 3));
    EXPECT_TRUE(reads("18446744073709551615", ~std::uint64_t{0}));
}

TEST(Literals, Hazard075_RefuseNumbersThatDoNotFit) {
    EXPECT_FALSE(parse_integer_literal("18446744073709551616"));
    EXPECT_FALSE(parse_integer_literal(std::string(5000, '9')));
    EXPECT_FALSE(parse_integer_literal("0xZZ"));
    EXPECT_FALSE(parse_integer_literal("0x"));
    EXPECT_FALSE(parse_real_literal("1e999"));
}

TEST(Literals, ReadFloats) {
    EXPECT_EQ(parse_real_literal("1.5e-7")->as_real(), 1.5e-7);
    EXPECT_EQ(parse_real_literal("1_0.5")->as_real(), 10.5);
}

TEST(Literals, ReplaceEscapes) {
    EXPECT_EQ(unescaped(R"(a\n\t\\\'\"\a)"), "a\n\t\\'\"\a");
    EXPECT_EQ(unescaped(R"(\x41\u00e9\U0001F600\101)"), "Aé😀A");
    EXPECT_EQ(unescaped(R"(\ud83d\ude00)"), "😀");
    EXPECT_EQ(unescaped("a\\\nb"), "ab");
    EXPECT_EQ(unescaped(R"(\0)"), std::string(1, '\0'));
}

TEST(Literals, KeepEscapesThatMeanNothing) {
    EXPECT_EQ(unescaped(R"(\q\d\xZZ\u12)"), R"(\q\d\xZZ\u12)");
    EXPECT_EQ(unescaped("\\"), "\\");
    EXPECT_EQ(unescaped(R"(\ud83dx)"), "\uFFFDx");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
