#include "prefetch/predictors/next_gate.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Gives the same scores for every target of the token at hand.
class FixedGates final : public GateScores {
 public:
    explicit FixedGates(std::vector<float> scores) : scores_(std::move(scores)) {}
    bool scores(Moment from, Moment target, std::span<float> out) override {
        asked_from = from;
        std::copy_n(scores_.begin(), out.size(), out.begin());
        return target.step == from.step;
    }
    Moment asked_from;

 private:
    std::vector<float> scores_;
};

TEST(NextGatePredictor, RanksByTheScoresOfTheTargetsRouter) {
    FixedGates gates({0.5F, 3, -1, 2});
    NextGatePredictor predictor(RoutingShape({4, 4}, 2), gates);
    predictor.on_routed({.at = {5, 0}, .experts = Experts{0, 1}});
    EXPECT_EQ(experts(predictor, {5, 1}), (Experts{1, 3, 0, 2}));
    EXPECT_EQ(experts(predictor, {5, 1}, 2), (Experts{1, 3}));
    EXPECT_EQ(gates.asked_from, (Moment{5, 0}));
}

TEST(NextGatePredictor, KnowsNothingOfTheNextToken) {
    FixedGates gates({1, 2, 3, 4});
    NextGatePredictor predictor(RoutingShape({4, 4}, 2), gates);
    predictor.on_routed({.at = {5, 1}, .experts = Experts{0, 1}});
    EXPECT_TRUE(guesses(predictor, {6, 0}).empty());
}

TEST(NextGatePredictor, ConfidencesAddUpToTheExpertsUsed) {
    for (const std::vector<float>& scores : {std::vector<float>{0, 0, 0, 0},
                                             std::vector<float>{9, 1, 0.5F, -3},
                                             std::vector<float>{0.1F, 0.4F, -0.2F, 0.3F}}) {
        FixedGates gates(scores);
        NextGatePredictor predictor(RoutingShape({4, 4}, 2), gates);
        float sum = 0;
        for (const Guess& guess : guesses(predictor, {0, 1})) {
            EXPECT_GT(guess.confidence, 0);
            EXPECT_LE(guess.confidence, 1);
            sum += guess.confidence;
        }
        EXPECT_NEAR(sum, 2, 0.002);  // the iteration stops a thousandth of an arrival short
    }
}

TEST(NextGatePredictor, EqualScoresAreEquallyLikely) {
    FixedGates gates({7, 7, 7, 7});
    NextGatePredictor predictor(RoutingShape({4, 4}, 1), gates);
    for (const Guess& guess : guesses(predictor, {0, 1})) {
        EXPECT_NEAR(guess.confidence, 0.25, 0.001);
    }
}

TEST(NextGatePredictor, ScoresThatAreNotKnownAreNotGuessed) {
    FixedGates some({-kInfinity, 2, -kInfinity, 1});
    NextGatePredictor predictor(RoutingShape({4, 4}, 2), some);
    EXPECT_EQ(experts(predictor, {0, 1}), (Experts{1, 3}));
    FixedGates none({-kInfinity, -kInfinity, -kInfinity, -kInfinity});
    NextGatePredictor blind(RoutingShape({4, 4}, 2), none);
    EXPECT_TRUE(guesses(blind, {0, 1}).empty());
    FixedGates broken({std::nanf(""), std::nanf(""), std::nanf(""), std::nanf("")});
    NextGatePredictor lost(RoutingShape({4, 4}, 2), broken);
    EXPECT_TRUE(guesses(lost, {0, 1}).empty());
}

TEST(NextGatePredictor, ALayerWithoutARouterHasNoGuesses) {
    FixedGates gates({1, 2, 3, 4});
    NextGatePredictor predictor(RoutingShape({4, 0, 4}, 2), gates);
    EXPECT_TRUE(guesses(predictor, {0, 1}).empty());
    EXPECT_TRUE(guesses(predictor, {0, 9}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
