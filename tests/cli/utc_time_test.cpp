#include "cli/utc_time.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

TEST(ParseUtc, CountsSecondsSince1970) {
    EXPECT_EQ(*parse_utc("1970-01-01T00:00:00"), 0);
    EXPECT_EQ(*parse_utc("2025-03-07T12:34:56"), 1741350896);
    EXPECT_EQ(*parse_utc("2025-03-07T12:34:56Z"), 1741350896);
    EXPECT_EQ(*parse_utc("2024-02-29T23:59:59"), 1709251199);
    EXPECT_EQ(*parse_utc("1969-12-31T23:59:59"), -1);
}

TEST(ParseUtc, Hazard161_RefusesWhatNoClockShows) {
    for (const char* bad : {"",
                            "now",
                            "2025-03-07",
                            "2025-02-29T00:00:00",
                            "2025-13-01T00:00:00",
                            "2025-00-01T00:00:00",
                            "2025-03-07T24:00:00",
                            "2025-03-07T12:60:00",
                            "2025-03-07 12:34:56",
                            "2025-03-07T12:34:56+01:00",
                            "2025-3-7T1:2:3",
                            "-025-03-07T12:34:56"}) {
        EXPECT_FALSE(parse_utc(bad)) << bad;
    }
}

}  // namespace
}  // namespace greenroom::cli
