#include "runtime/text/jinja/library/strftime.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace greenroom::runtime::jinja {
namespace {

constexpr std::int64_t kNow = 1'741'350'896;  // Friday, 2025-03-07 12:34:56

TEST(Strftime, WritesDatesInEnglishAndUtc) {
    EXPECT_EQ(format_time("%Y-%m-%d %H:%M:%S", kNow), "2025-03-07 12:34:56");
    EXPECT_EQ(format_time("%A %a %B %b %d %j %y %I %p", kNow),
              "Friday Fri March Mar 07 066 25 12 PM");
    EXPECT_EQ(format_time("%-d %-m %e %F %T %z %Z", kNow), "7 3  7 2025-03-07 12:34:56 +0000 UTC");
    EXPECT_EQ(format_time("%Y-%m-%d", 0), "1970-01-01");
    EXPECT_EQ(format_time("%F", 951'782'400), "2000-02-29");
}

TEST(Strftime, LeavesWhatItDoesNotKnow) {
    EXPECT_EQ(format_time("%Q %! a% %%", kNow), "%Q %! a% %");
    EXPECT_EQ(format_time("%", kNow), "%");
    EXPECT_EQ(format_time("%-", kNow), "%-");
    EXPECT_EQ(format_time("", kNow), "");
    EXPECT_EQ(format_time(std::string_view("\0%Y", 3), kNow),
              std::string("\0"
                          "2025",
                          5));
}

TEST(Strftime, Hazard075_TakesAnyClockAndAnyWidth) {
    EXPECT_EQ(format_time("%Y", std::numeric_limits<std::int64_t>::max()), "9999");
    EXPECT_EQ(format_time("%Y", std::numeric_limits<std::int64_t>::min()), "1970");
    EXPECT_EQ(format_time("%1000000000d", kNow), "%1000000000d");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
