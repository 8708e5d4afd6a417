#include "runtime/model/prefetcher.hpp"

#include <gtest/gtest.h>
#include <string>

namespace greenroom::runtime {
namespace {

class RecordingSink final : public cache::GuessSink {
 public:
    cache::GuessAnswer guess(io::ExpertKey key, cache::GuessTier) override {
        log += " " + std::to_string(key.layer) + "." + std::to_string(key.expert);
        return cache::GuessAnswer::taken;
    }
    void withdraw(io::ExpertKey) override {}
    std::string take() { return std::exchange(log, ""); }
    std::string log;
};

class PrefetcherTest : public testing::Test {
 protected:
    io::Result<std::unique_ptr<Prefetcher>> make(const PrefetchSettings& settings) {
        return Prefetcher::make(prefetch::RoutingShape({0, 8, 8}, 2),
                                settings,
                                std::make_unique<RouterScores>(
                                    std::vector<RouterScores::Router>(3),
                                    RouterScores::Settings{4, 1e-5F, kernels::Arithmetic::exact},
                                    pool_),
                                sink_);
    }
    static void route(Prefetcher& prefetcher, int layer, int position, int n_tokens) {
        const std::int32_t experts[] = {1, 2};
        const float hidden[4] = {};
        prefetcher.on_routed({.layer = layer,
                              .position = position,
                              .n_tokens = n_tokens,
                              .experts = experts,
                              .weights = {},
                              .hidden = hidden});
    }

    kernels::ThreadPool pool_{1};
    RecordingSink sink_;
};

TEST_F(PrefetcherTest, GuessesAsManyAsATokenUsesUnlessToldOtherwise) {
    const std::uint16_t foreseen[] = {5, 6, 7};
    prefetch::RoutingRecord record;
    record.add({.at = {9, 2}, .experts = foreseen});
    PrefetchSettings settings{.predictor = "oracle", .record = &record};
    route(**make(settings), 1, 9, 1);
    EXPECT_EQ(sink_.take(), " 2.5 2.6");
    settings.plan.guesses = 1;
    route(**make(settings), 1, 9, 1);
    EXPECT_EQ(sink_.take(), " 2.5");
}

TEST_F(PrefetcherTest, OfAPromptOnlyTheTokenBehindItIsPredicted) {
    const std::uint16_t foreseen[] = {5};
    prefetch::RoutingRecord record;
    record.add({.at = {9, 2}, .experts = foreseen});
    record.add({.at = {10, 1}, .experts = foreseen});
    const auto prefetcher = std::move(*make({.predictor = "oracle", .record = &record}));
    route(*prefetcher, 1, 9, 10);
    EXPECT_EQ(sink_.take(), "");
    route(*prefetcher, 2, 9, 10);
    EXPECT_EQ(sink_.take(), " 1.5");
    EXPECT_EQ(prefetcher->planner().counters().size(), 3u);
}

TEST_F(PrefetcherTest, NeedsARecordForTheOracle) {
    const auto made = make({.predictor = "oracle"});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message,
              "predictor 'oracle' needs a recorded routing; it is for replays");
}

TEST_F(PrefetcherTest, RoomIsAskedForAllThatCanBeUnderWay) {
    PrefetchSettings settings{.predictor = "next_gate"};
    settings.plan = {.look_ahead = 1, .host_look_ahead = 3, .guesses = 0};
    EXPECT_EQ(most_guesses(settings, 2), 8u);
    settings.plan.guesses = 5;
    EXPECT_EQ(most_guesses(settings, 2), 20u);
    EXPECT_EQ(most_guesses({}, 2), 0u);
}

}  // namespace
}  // namespace greenroom::runtime
