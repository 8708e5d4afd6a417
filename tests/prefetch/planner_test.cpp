#include "prefetch/planner.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {
using cache::GuessAnswer;
using cache::GuessTier;

// Says what it is told to say, whoever routes.
class Script final : public Predictor {
 public:
    explicit Script(std::map<std::pair<std::uint32_t, std::uint16_t>, std::vector<Guess>>& lines)
        : lines_(lines) {}
    void on_routed(const Routed&) override {}
    std::size_t guess(Moment target, std::span<Guess> out) override {
        const auto found = lines_.find({target.step, target.layer});
        if (found == lines_.end()) return 0;
        const std::size_t n = std::min(out.size(), found->second.size());
        std::copy_n(found->second.begin(), n, out.begin());
        return n;
    }

 private:
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::vector<Guess>>& lines_;
};

// Writes down what is asked of it.
class RecordingSink final : public cache::GuessSink {
 public:
    GuessAnswer guess(io::ExpertKey key, GuessTier tier) override {
        const bool full = room == 0;
        if (!full) --room;
        log += full ? " (" : " ";
        log += std::to_string(key.layer) + "." + std::to_string(key.expert);
        log += tier == GuessTier::host ? "h" : "";
        log += full ? ")" : "";
        return full ? GuessAnswer::busy : GuessAnswer::taken;
    }
    void withdraw(io::ExpertKey key) override {
        log += " -" + std::to_string(key.layer) + "." + std::to_string(key.expert);
    }
    std::string take() { return std::exchange(log, ""); }

    int room = 1000;
    std::string log;
};

class PlannerTest : public testing::Test {
 protected:
    Planner planner(const PlannerSettings& settings, std::vector<std::uint16_t> layers) {
        return Planner(
            RoutingShape(std::move(layers), 2), settings, std::make_unique<Script>(lines_), sink_);
    }
    static void route(Planner& planner, Moment at, const Experts& chosen) {
        planner.on_routed({.at = at, .experts = chosen});
        planner.plan();
    }

    std::map<std::pair<std::uint32_t, std::uint16_t>, std::vector<Guess>> lines_;
    RecordingSink sink_;
};

TEST_F(PlannerTest, SendsForTheNextLayersMostLikelyExperts) {
    Planner p = planner({.look_ahead = 1, .guesses = 2}, {8, 8, 8});
    lines_[{0, 1}] = {{3, 0.9F}, {5, 0.5F}, {6, 0.4F}};
    route(p, {0, 0}, {1, 2});
    EXPECT_EQ(sink_.take(), " 1.3 1.5");
}

TEST_F(PlannerTest, LooksFurtherAheadForTheHost) {
    Planner p = planner({.look_ahead = 1, .host_look_ahead = 3, .guesses = 1}, {8, 8, 8, 8});
    for (std::uint16_t layer = 1; layer < 4; ++layer) lines_[{0, layer}] = {{layer, 1}};
    route(p, {0, 0}, {0, 1});
    EXPECT_EQ(sink_.take(), " 1.1 2.2h 3.3h");
    route(p, {0, 1}, {1, 0});
    EXPECT_EQ(sink_.take(), " 2.2 3.3h");
}

TEST_F(PlannerTest, GoesOnIntoTheNextStep) {
    Planner p = planner({.look_ahead = 2, .guesses = 1}, {0, 8, 8});
    lines_[{8, 1}] = {{4, 1}};
    lines_[{8, 2}] = {{5, 1}};
    route(p, {7, 2}, {0, 1});
    EXPECT_EQ(sink_.take(), " 1.4 2.5");
}

TEST_F(PlannerTest, DropsWhatIsNotConfident) {
    Planner p = planner({.look_ahead = 1, .guesses = 4, .confidence = 0.5F}, {8, 8});
    lines_[{0, 1}] = {{3, 0.9F}, {5, 0.5F}, {6, 0.4F}};
    route(p, {0, 0}, {1, 2});
    EXPECT_EQ(sink_.take(), " 1.3 1.5");
}

TEST_F(PlannerTest, WithdrawsWhatIsNoLongerPredicted) {
    Planner p = planner({.look_ahead = 2, .guesses = 2}, {8, 8, 8});
    lines_[{0, 2}] = {{3, 0.9F}, {5, 0.5F}};
    route(p, {0, 0}, {1, 2});
    EXPECT_EQ(sink_.take(), " 2.3 2.5");
    lines_[{0, 2}] = {{5, 0.9F}, {6, 0.5F}};
    route(p, {0, 1}, {1, 2});
    EXPECT_EQ(sink_.take(), " -2.3 2.5 2.6");
}

TEST_F(PlannerTest, WithdrawsAPlanWhoseRoutingDoesNotCome) {
    Planner p = planner({.look_ahead = 2, .guesses = 1}, {8, 8, 8});
    lines_[{0, 1}] = {{3, 1}};
    lines_[{0, 2}] = {{4, 1}};
    route(p, {0, 0}, {1, 2});
    EXPECT_EQ(sink_.take(), " 1.3 2.4");
    route(p, {50, 0}, {1, 2});  // another conversation
    EXPECT_EQ(sink_.take(), " -1.3 -2.4");
    EXPECT_EQ(p.counters()[0].used, 0u);
}

TEST_F(PlannerTest, StopsWhereThereIsNoRoom) {
    Planner p = planner({.look_ahead = 2, .host_look_ahead = 3, .guesses = 2}, {8, 8, 8, 8});
    for (std::uint16_t layer = 1; layer < 4; ++layer) lines_[{0, layer}] = {{1, 1}, {2, 1}};
    sink_.room = 1;
    route(p, {0, 0}, {0, 1});
    EXPECT_EQ(sink_.take(), " 1.1 (1.2) (3.1h)");
}

TEST_F(PlannerTest, CountsWhatItPredictedOfEachLayer) {
    Planner p = planner({.look_ahead = 1, .guesses = 3}, {8, 8});
    lines_[{0, 1}] = {{3, 1}, {5, 1}, {6, 1}};
    route(p, {0, 0}, {1, 2});
    route(p, {0, 1}, {5, 2});
    route(p, {1, 0}, {1, 2});
    const PredictionCounters& counters = p.counters()[1];
    EXPECT_EQ(counters.guessed, 3u);
    EXPECT_EQ(counters.used, 2u);
    EXPECT_EQ(counters.right, 1u);
    EXPECT_EQ(counters.recall(), 0.5);
    EXPECT_EQ(counters.precision(), 1.0 / 3);
    EXPECT_EQ(p.counters()[0].used, 2u);  // nothing was predicted: a plan all the same
    EXPECT_EQ(p.counters()[0].recall(), 0);
    EXPECT_EQ(PredictionCounters{}.recall(), 0);
}

TEST_F(PlannerTest, ListeningWithoutPlanningCountsNothing) {
    Planner p = planner({.look_ahead = 1, .guesses = 2}, {8, 8});
    lines_[{0, 1}] = {{3, 1}};
    p.on_routed({.at = {0, 0}, .experts = Experts{1}});
    p.on_routed({.at = {0, 1}, .experts = Experts{3}});
    EXPECT_EQ(sink_.take(), "");
    EXPECT_EQ(p.counters()[1].used, 0u);
}

TEST_F(PlannerTest, ModelsWithOneLayerOrNoneAndNoGuessesAreNoTrouble) {
    Planner one = planner({.look_ahead = 5, .guesses = 2}, {8});
    lines_[{1, 0}] = {{3, 1}};
    lines_[{2, 0}] = {{4, 1}};
    route(one, {0, 0}, {1, 2});
    EXPECT_EQ(sink_.take(), " 0.3");
    route(one, {1, 0}, {3, 2});
    EXPECT_EQ(sink_.take(), " 0.4");
    Planner dense = planner({.look_ahead = 2, .guesses = 2}, {0, 0});
    dense.plan();
    Planner empty = planner({.look_ahead = 2, .guesses = 2}, {});
    empty.plan();
    Planner nothing = planner({.look_ahead = 0, .host_look_ahead = 0, .guesses = 2}, {8, 8});
    route(nothing, {0, 0}, {1});
    Planner mute = planner({.look_ahead = 1, .guesses = 0}, {8, 8});
    route(mute, {0, 0}, {1});
    EXPECT_EQ(sink_.take(), "");
}

}  // namespace
}  // namespace greenroom::prefetch
