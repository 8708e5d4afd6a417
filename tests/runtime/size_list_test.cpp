#include "runtime/size_list.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

using Sizes = std::vector<std::uint64_t>;
constexpr std::uint64_t kGiB = 1ull << 30;

Sizes sizes(std::string_view text) {
    const auto parsed = parse_size_list(text);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? *parsed : Sizes{};
}

TEST(SizeList, TakesSizesAndRanges) {
    EXPECT_EQ(sizes("4GiB"), (Sizes{4 * kGiB}));
    EXPECT_EQ(sizes("1GiB,100"), (Sizes{kGiB, 100}));
    EXPECT_EQ(sizes("1GiB..16GiB"), (Sizes{kGiB, 2 * kGiB, 4 * kGiB, 8 * kGiB, 16 * kGiB}));
    EXPECT_EQ(sizes("1GiB..3GiB+1GiB"), (Sizes{kGiB, 2 * kGiB, 3 * kGiB}));
    EXPECT_EQ(sizes("100..450*2"), (Sizes{100, 200, 400}));
    EXPECT_EQ(sizes("100..300*1.5"), (Sizes{100, 150, 225}));
    EXPECT_EQ(sizes("0..2+1,7"), (Sizes{0, 1, 2, 7}));
    EXPECT_EQ(sizes("5..5"), (Sizes{5}));
}

TEST(SizeList, Hazard161_RefusesWhatHasNoEndOrNoSense) {
    for (const char* text : {"",
                             ",",
                             "x",
                             "1..",
                             "..1",
                             "2..1",
                             "0..1",
                             "1..9*1",
                             "1..9*0.5",
                             "1..9+0",
                             "1..9+-1",
                             "1..9*nan",
                             "1..16EiB",
                             "1..1000000+1"}) {
        EXPECT_FALSE(parse_size_list(text)) << text;
    }
}

}  // namespace
}  // namespace greenroom::runtime
