#include "cli/human.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

TEST(HumanBytes, ShowsThreeDigitsInPowersOf1024) {
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(1023), "1023 B");
    EXPECT_EQ(human_bytes(1024), "1.00 KiB");
    EXPECT_EQ(human_bytes(1536), "1.50 KiB");
    EXPECT_EQ(human_bytes(99'090'432), "94.5 MiB");
    EXPECT_EQ(human_bytes(1000ull << 20), "1000 MiB");
    EXPECT_EQ(human_bytes(1024ull << 20), "1.00 GiB");
    EXPECT_EQ(human_bytes(~0ull), "16777216 TiB");
}

TEST(HumanCount, ShowsThreeDigitsInPowersOf1000) {
    EXPECT_EQ(human_count(0), "0");
    EXPECT_EQ(human_count(999), "999");
    EXPECT_EQ(human_count(1000), "1.00 K");
    EXPECT_EQ(human_count(21'118'208), "21.1 M");
    EXPECT_EQ(human_count(46'702'792'704), "46.7 B");
    EXPECT_EQ(human_count(999'960'000), "1.00 B");
}

TEST(HumanSeconds, ShowsTheUnitThatSaysSomething) {
    EXPECT_EQ(human_seconds(0), "0 ms");
    EXPECT_EQ(human_seconds(45e-6), "45 µs");
    EXPECT_EQ(human_seconds(0.9996e-3), "1.0 ms");
    EXPECT_EQ(human_seconds(0.00123), "1.2 ms");
    EXPECT_EQ(human_seconds(0.0604), "60 ms");
    EXPECT_EQ(human_seconds(0.9996), "1.0 s");
    EXPECT_EQ(human_seconds(8.34), "8.3 s");
    EXPECT_EQ(human_seconds(1234.5), "1234 s");
}

}  // namespace
}  // namespace greenroom::cli
