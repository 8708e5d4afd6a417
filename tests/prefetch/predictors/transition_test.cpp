#include "prefetch/predictors/transition.hpp"

#include <gtest/gtest.h>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

void route(Predictor& predictor, Moment at, const Experts& chosen) {
    predictor.on_routed({.at = at, .experts = chosen});
}

TEST(TransitionPredictor, LearnsWhatFollowsInTheNextLayer) {
    TransitionPredictor predictor(RoutingShape({4, 4}, 1), 1);
    for (std::uint32_t step = 0; step < 6; ++step) {
        const std::uint16_t first = step % 2 == 0 ? 0 : 3;
        route(predictor, {step, 0}, {first});
        route(predictor, {step, 1}, {static_cast<std::uint16_t>(first == 0 ? 2 : 1)});
    }
    route(predictor, {6, 0}, {0});
    EXPECT_EQ(experts(predictor, {6, 1}), Experts{2});
    EXPECT_EQ(guesses(predictor, {6, 1})[0].confidence, 1.0F);
    route(predictor, {6, 1}, {2});
    // Over the end of the token: after 2 in the last layer the first one has always chosen 3.
    EXPECT_EQ(experts(predictor, {7, 0}), Experts{3});
}

TEST(TransitionPredictor, AveragesOverTheExpertsOfTheLastLayer) {
    TransitionPredictor predictor(RoutingShape({4, 4}, 2), 1);
    route(predictor, {0, 0}, {0, 1});
    route(predictor, {0, 1}, {2, 3});
    route(predictor, {1, 0}, {0, 2});
    route(predictor, {1, 1}, {2, 1});
    route(predictor, {2, 0}, {0, 1});
    const std::vector<Guess> out = guesses(predictor, {2, 1});
    ASSERT_EQ(out.size(), 3u);
    EXPECT_EQ(out[0].expert, 2);
    EXPECT_EQ(out[0].confidence, 1.0F);  // always, after 0 and after 1
    EXPECT_EQ(out[1].expert, 3);
    EXPECT_EQ(out[1].confidence, 0.75F);  // half of the times after 0, always after 1
    EXPECT_EQ(out[2].confidence, 0.25F);
}

TEST(TransitionPredictor, LooksSeveralRoutingsAhead) {
    TransitionPredictor predictor(RoutingShape({4, 0, 4, 4}, 1), 2);
    for (std::uint32_t step = 0; step < 2; ++step) {
        route(predictor, {step, 0}, {1});
        route(predictor, {step, 2}, {static_cast<std::uint16_t>(step)});
        route(predictor, {step, 3}, {2});
    }
    route(predictor, {2, 0}, {1});
    EXPECT_EQ(experts(predictor, {2, 3}), Experts{2});
    EXPECT_EQ(guesses(predictor, {2, 2}).size(), 2u);
    EXPECT_TRUE(guesses(predictor, {3, 0}).empty());  // three ahead
    EXPECT_TRUE(guesses(predictor, {2, 1}).empty());  // no router
}

TEST(TransitionPredictor, LearnsNothingFromAJump) {
    TransitionPredictor predictor(RoutingShape({4, 4}, 1), 1);
    route(predictor, {0, 0}, {0});
    route(predictor, {9, 1}, {2});
    route(predictor, {10, 0}, {0});
    EXPECT_TRUE(guesses(predictor, {10, 1}).empty());
}

TEST(TransitionPredictor, Hazard167_PassesOverWhatTheModelDoesNotHave) {
    TransitionPredictor predictor(RoutingShape({4, 2}, 2), 1);
    EXPECT_TRUE(guesses(predictor, {0, 0}).empty());
    route(predictor, {0, 0}, {9, 1});
    route(predictor, {0, 1}, {3, 0});
    route(predictor, {1, 0}, {1, 500});
    EXPECT_EQ(experts(predictor, {1, 1}), Experts{0});
    route(predictor, {1, 7}, {0});
    EXPECT_TRUE(guesses(predictor, {1, 1}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
