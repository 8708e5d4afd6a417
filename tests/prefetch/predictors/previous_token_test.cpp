#include "prefetch/predictors/previous_token.hpp"

#include <gtest/gtest.h>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

TEST(PreviousTokenPredictor, GuessesWhatTheLayerChoseLast) {
    PreviousTokenPredictor predictor(RoutingShape({8, 8}, 2));
    EXPECT_TRUE(guesses(predictor, {0, 1}).empty());
    predictor.on_routed({.at = {0, 0}, .experts = Experts{7, 2}});
    predictor.on_routed({.at = {0, 1}, .experts = Experts{5, 4}});
    EXPECT_EQ(experts(predictor, {1, 1}), (Experts{5, 4}));
    EXPECT_EQ(experts(predictor, {1, 0}), (Experts{7, 2}));
    EXPECT_EQ(guesses(predictor, {1, 0})[0].confidence, 0.5F);
}

TEST(PreviousTokenPredictor, LearnsWhichPlaceComesAgain) {
    PreviousTokenPredictor predictor(RoutingShape({8}, 2));
    // The second choice stays, whichever place it takes next; the first always goes.
    const Experts chosen[] = {{0, 1}, {2, 1}, {3, 1}, {4, 1}};
    for (std::uint32_t step = 0; step < 4; ++step) {
        predictor.on_routed({.at = {step, 0}, .experts = chosen[step]});
    }
    const std::vector<Guess> out = guesses(predictor, {4, 0});
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(out[0].expert, 1);
    EXPECT_EQ(out[0].confidence, 4.0F / 5);
    EXPECT_EQ(out[1].expert, 4);
    EXPECT_EQ(out[1].confidence, 1.0F / 5);
}

TEST(PreviousTokenPredictor, Hazard167_PassesOverWhatTheModelDoesNotHave) {
    PreviousTokenPredictor predictor(RoutingShape({4}, 2));
    predictor.on_routed({.at = {0, 0}, .experts = Experts{9, 3, 1, 0}});
    predictor.on_routed({.at = {0, 1}, .experts = Experts{1}});
    EXPECT_EQ(experts(predictor, {1, 0}), (Experts{3, 1}));
    EXPECT_TRUE(guesses(predictor, {1, 1}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
