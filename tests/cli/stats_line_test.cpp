#include "cli/stats_line.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

constexpr runtime::Timings kTimings = {.reused_n = 0,
                                       .prompt_n = 20,
                                       .prompt_s = 0.05,
                                       .predicted_n = 30,
                                       .predicted_s = 2,
                                       .first_token_s = 0.06};

TEST(StatsLine, ShowsBothSpeedsAndTheFirstToken) {
    EXPECT_EQ(stats_line(kTimings),
              "prompt 20 at 400 tokens/s · reply 30 at 15.0 tokens/s · first token 60 ms");
}

TEST(StatsLine, SaysWhatWasNotReadAgain) {
    runtime::Timings timings = kTimings;
    timings.reused_n = 100;
    EXPECT_EQ(stats_line(timings),
              "prompt 20 (100 kept) at 400 tokens/s · reply 30 at 15.0 tokens/s · "
              "first token 60 ms");
}

TEST(StatsLine, ClaimsNoSpeedThatWasNotMeasured) {
    EXPECT_EQ(stats_line({}), "prompt 0 tokens · reply 0 tokens");
    const io::Json json = timings_json({}, 1.5);
    EXPECT_TRUE(json["prompt_per_second"].is_null());
    EXPECT_TRUE(json["predicted_per_second"].is_null());
    EXPECT_EQ(json["load_s"], 1.5);
}

TEST(TimingsJson, KeepsItsNames) {
    const io::Json json = timings_json(kTimings, 1.5);
    EXPECT_EQ(json["prompt_n"], 20);
    EXPECT_EQ(json["prompt_per_second"], 400.0);
    EXPECT_EQ(json["predicted_n"], 30);
    EXPECT_EQ(json["predicted_per_second"], 15.0);
    EXPECT_EQ(json["first_token_s"], 0.06);
}

}  // namespace
}  // namespace greenroom::cli
