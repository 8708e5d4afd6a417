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

runtime::Generated with_tiers() {
    runtime::Generated out;
    out.timings = kTimings;
    out.timings.token = runtime::Latency{0.061, 0.08, 0.0921};
    out.prompt_tiers.emplace().host = {.hits = 1, .misses = 1};
    out.predicted_tiers.emplace().host = {.hits = 9, .misses = 1};
    return out;
}

TEST(EndLine, SaysWhatTheTiersDidWhereThereAreAny) {
    runtime::Generated generated = with_tiers();
    EXPECT_EQ(end_line(generated),
              stats_line(kTimings) + " · host 90 % hit · disk 0 B a token · waiting 0 ms a token");
    generated.predicted_tiers.reset();
    EXPECT_EQ(end_line(generated), stats_line(kTimings));
}

TEST(StatsReport, AddsLatenciesAndTheTiersAsATable) {
    const std::string report = stats_report(with_tiers());
    EXPECT_TRUE(report.starts_with(stats_line(kTimings) +
                                   "\ntoken    half within 61 ms, 95 % within 80 ms, 99 % within "
                                   "92 ms\ntier "))
        << report;
    EXPECT_NE(report.find("9 of 10 (90.0 %)"), std::string::npos);
    runtime::Generated in_memory;
    in_memory.timings = kTimings;
    EXPECT_EQ(stats_report(in_memory), stats_line(kTimings));
}

TEST(TiersJson, TellsPromptAndReplyApart) {
    const io::Json json = tiers_json(with_tiers());
    EXPECT_EQ(json["prompt"]["hit_rate_host"], 0.5);
    EXPECT_EQ(json["predicted"]["hit_rate_host"], 0.9);
    EXPECT_TRUE(tiers_json({}).is_null());
}

TEST(TimingsJson, LatenciesOfNoTokensAreNull) {
    EXPECT_TRUE(timings_json(kTimings, 1)["token_p50_s"].is_null());
    EXPECT_EQ(timings_json(with_tiers().timings, 1)["token_p99_s"], 0.0921);
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
