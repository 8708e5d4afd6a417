#include "runtime/text/jinja/values/text.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

using Ranges = std::vector<ByteRange>;

Text mixed() {
    Text text;
    text.append("ab", Origin::source);
    text.append("cde", Origin::input);
    text.append("f", Origin::source);
    text.append("gh", Origin::input);
    return text;
}

TEST(Text, KeepsTheOriginOfEveryByte) {
    EXPECT_EQ(mixed().bytes, "abcdefgh");
    EXPECT_EQ(mixed().input, (Ranges{{2, 5}, {6, 8}}));
    EXPECT_EQ(Text("abc", Origin::input).input, (Ranges{{0, 3}}));
    EXPECT_EQ(Text("", Origin::input).input, Ranges{});
}

TEST(Text, RangesThatTouchAreOne) {
    Text text("ab", Origin::input);
    text.append("cd", Origin::input);
    text.append("", Origin::input);
    EXPECT_EQ(text.input, (Ranges{{0, 4}}));
}

TEST(Text, ASliceHasTheMarksOfItsBytes) {
    const Text text = mixed();
    EXPECT_EQ(text.slice({0, 8}).input, text.input);
    EXPECT_EQ(text.slice({3, 7}).input, (Ranges{{0, 2}, {3, 4}}));
    EXPECT_EQ(text.slice({0, 2}).input, Ranges{});
    EXPECT_EQ(text.slice({5, 6}).input, Ranges{});
    EXPECT_EQ(text.slice({3, 4}).input, (Ranges{{0, 1}}));
    EXPECT_EQ(text.slice({4, 4}).input, Ranges{});
}

TEST(Text, GoesThroughItsRunsInOrder) {
    std::string seen;
    mixed().each_run([&](std::string_view bytes, Origin origin) {
        seen += origin == Origin::input ? "{" + std::string(bytes) + "}" : std::string(bytes);
    });
    EXPECT_EQ(seen, "ab{cde}f{gh}");
}

// A byte of input is never lost, however many ranges a template makes; only then some of the
// template's bytes count as input too.
TEST(Text, Hazard075_ManyRangesAreBoundedAndLoseNoInput) {
    Text text;
    for (int i = 0; i < 100'000; ++i) {
        text.append("a", Origin::input);
        text.append("b", Origin::source);
    }
    EXPECT_LE(text.input.size(), 65'536u);
    std::size_t unmarked_inputs = 0;
    text.each_run([&](std::string_view bytes, Origin origin) {
        if (origin == Origin::source && bytes.find('a') != std::string_view::npos)
            ++unmarked_inputs;
    });
    EXPECT_EQ(unmarked_inputs, 0u);
}

TEST(TextBuilder, TakesNothingPastTheLimit) {
    Meter meter({.output_bytes = 5});
    TextBuilder out(meter);
    out.append("abc");
    out.append(Text("def", Origin::input));
    EXPECT_TRUE(meter.failed());
    EXPECT_EQ(out.take().bytes, "abc");
}

TEST(TextBuilder, Hazard075_RepeatsNoMoreThanFits) {
    for (const std::uint64_t times :
         {std::uint64_t{6}, std::uint64_t{1} << 62, ~std::uint64_t{0}}) {
        Meter meter({.output_bytes = 10});
        TextBuilder out(meter);
        out.append_repeated("ab", times);
        EXPECT_TRUE(meter.failed()) << times;
        EXPECT_EQ(out.size(), 0u);
    }
    Meter meter({.output_bytes = 10});
    TextBuilder out(meter);
    out.append_repeated("ab", 5);
    out.append_repeated("", ~std::uint64_t{0});
    EXPECT_EQ(out.take().bytes, "ababababab");
    EXPECT_FALSE(meter.failed());
}

}  // namespace
}  // namespace greenroom::runtime::jinja
