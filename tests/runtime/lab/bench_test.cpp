#include "runtime/lab/bench.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>

#include "tests/support/fake_model.hpp"

namespace greenroom::runtime {
namespace {

tests::FakeModel fake(int context = 64) {
    return {{.context = context}, [](auto) { return 0; }};
}

TEST(Bench, ReadsPromptsAtOnceAndDecodesOneByOne) {
    tests::FakeModel model = fake();
    const BenchSettings settings{.repeats = 3, .warm_up = false};
    const auto prompt = run_bench(model, {.n_prompt = 8}, settings);
    ASSERT_TRUE(prompt) << prompt.error().message;
    EXPECT_EQ(prompt->seconds.size(), 3u);
    EXPECT_EQ(model.forwards, 3);
    EXPECT_EQ(model.fed, 24);
    const auto reply = run_bench(model, {.n_gen = 8}, settings);
    ASSERT_TRUE(reply);
    EXPECT_EQ(model.forwards, 3 + 24);
    EXPECT_EQ(model.length(), 8);
    EXPECT_EQ(prompt->prompt_seconds.size(), 3u);
    EXPECT_TRUE(prompt->token_seconds.empty());
    EXPECT_TRUE(reply->prompt_seconds.empty());
    EXPECT_EQ(reply->token_seconds.size(), 24u);
    EXPECT_EQ(reply->timed_tokens(), 24u);
}

TEST(Bench, WarmsUpAndReadsTheDepthUntimed) {
    tests::FakeModel model = fake();
    ASSERT_TRUE(run_bench(model, {.n_gen = 8, .n_depth = 16}, {.repeats = 1}));
    EXPECT_EQ(model.fed, 4 + 16 + 8);
    EXPECT_EQ(model.length(), 24);
}

TEST(Bench, TimesStepsInARunOfTheirOwn) {
    tests::FakeModel model = fake();
    const auto without = run_bench(model, {.n_gen = 2}, {.repeats = 1, .warm_up = false});
    ASSERT_TRUE(without);
    EXPECT_FALSE(without->steps);
    const auto with =
        run_bench(model, {.n_gen = 2, .n_depth = 3}, {.repeats = 1, .warm_up = false, .ops = true});
    ASSERT_TRUE(with && with->steps);
    EXPECT_EQ(with->seconds.size(), 1u);
    EXPECT_EQ(with->steps->ops[0].calls, 2u);  // the depth is not timed
    EXPECT_EQ(model.op_totals, nullptr);
}

TEST(Bench, SameSeedSameTokens) {
    tests::FakeModel a = fake(), b = fake(), c = fake();
    ASSERT_TRUE(run_bench(a, {.n_prompt = 32}, {.seed = 5}));
    ASSERT_TRUE(run_bench(b, {.n_prompt = 32}, {.seed = 5}));
    ASSERT_TRUE(run_bench(c, {.n_prompt = 32}, {.seed = 6}));
    EXPECT_EQ(a.read(), b.read());
    EXPECT_NE(a.read(), c.read());
}

TEST(Bench, TheModelsErrorsComeThrough) {
    tests::FakeModel model = fake(7);
    const auto result = run_bench(model, {.n_prompt = 8}, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "the context is full");
}

TEST(Bench, ModelsWithoutTiersHaveNoHitRates) {
    tests::FakeModel model = fake();
    const auto result = run_bench(model, {.n_gen = 2}, {});
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->tiers);
}

TEST(Bench, SpeedsAreTokensPerSecondOfEachRun) {
    BenchResult result;
    result.test = {.n_prompt = 100, .n_gen = 20};
    result.seconds = {2, 4};
    EXPECT_EQ(result.tokens_per_second(), (std::vector<double>{60, 30}));
}

TEST(Bench, MeanAndDeviationAreThoseOfASample) {
    const std::array<double, 4> values = {2, 4, 4, 6};
    EXPECT_DOUBLE_EQ(mean(values), 4);
    EXPECT_DOUBLE_EQ(standard_deviation(values), std::sqrt(8.0 / 3));
    EXPECT_EQ(standard_deviation(std::span(values).first(1)), 0);
    EXPECT_EQ(mean({}), 0);
}

}  // namespace
}  // namespace greenroom::runtime
