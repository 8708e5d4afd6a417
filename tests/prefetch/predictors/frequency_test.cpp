#include "prefetch/predictors/frequency.hpp"

#include <gtest/gtest.h>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

TEST(FrequencyPredictor, RanksByUsesOfTheLayer) {
    FrequencyPredictor predictor(RoutingShape({4, 4}, 2));
    for (const Experts& chosen : {Experts{3, 1}, Experts{1, 0}, Experts{1, 3}, Experts{2, 1}}) {
        predictor.on_routed({.at = {0, 1}, .experts = chosen});
    }
    const std::vector<Guess> out = guesses(predictor, {1, 1});
    EXPECT_EQ(experts(predictor, {1, 1}), (Experts{1, 3, 0, 2}));
    EXPECT_EQ(out[0].confidence, 1.0F);
    EXPECT_EQ(out[1].confidence, 0.5F);
    EXPECT_TRUE(guesses(predictor, {1, 0}).empty());
}

TEST(FrequencyPredictor, Hazard167_PassesOverWhatTheModelDoesNotHave) {
    FrequencyPredictor predictor(RoutingShape({0, 4}, 2));
    predictor.on_routed({.at = {0, 1}, .experts = Experts{9, 2}});
    predictor.on_routed({.at = {0, 0}, .experts = Experts{1}});
    predictor.on_routed({.at = {0, 7}, .experts = Experts{1}});
    EXPECT_EQ(experts(predictor, {1, 1}), Experts{2});
    EXPECT_TRUE(guesses(predictor, {1, 0}).empty());
    EXPECT_TRUE(guesses(predictor, {1, 7}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
