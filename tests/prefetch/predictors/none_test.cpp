#include "prefetch/predictors/none.hpp"

#include <gtest/gtest.h>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

TEST(NonePredictor, GuessesNothing) {
    NonePredictor predictor;
    predictor.on_routed({.at = {0, 0}, .experts = Experts{1, 2}});
    EXPECT_TRUE(guesses(predictor, {0, 1}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
