#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include "cli/human.hpp"

namespace greenroom::cli {
namespace {

constexpr ProgressOf kLoading = {"loading", human_bytes};

TEST(ProgressLine, ShowsTheBarTheBytesAndTheSeconds) {
    EXPECT_EQ(progress_line(kLoading, 1 << 30, 4ull << 30, 8.4, 80),
              "loading [#######.......................] 1.00 GiB of 4.00 GiB, 8 s");
    EXPECT_EQ(progress_line(kLoading, 0, 0, 0, 80),
              "loading [..............................] 0 B of 0 B, 0 s");
}

TEST(ProgressLine, NeverFillsMoreThanTheBar) {
    EXPECT_EQ(progress_line(kLoading, 5, 4, 0, 60),
              "loading [##############################] 4 B of 4 B, 0 s");
}

TEST(ProgressLine, Hazard162_FitsEveryWindow) {
    for (int width = 0; width < 120; ++width) {
        const std::string line = progress_line(kLoading, 1 << 30, 4ull << 30, 123, width);
        EXPECT_LT(line.size(), static_cast<std::size_t>(std::max(width, 1))) << width;
    }
}

TEST(Progress, SaysNothingWhereNobodyLooks) {
    testing::internal::CaptureStderr();  // not a terminal
    {
        Progress progress(kLoading, true);
        progress.update(1, 2);
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace greenroom::cli
