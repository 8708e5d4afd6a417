#include "prefetch/predictors/oracle.hpp"

#include <gtest/gtest.h>

#include "tests/prefetch/guess_lists.hpp"

namespace greenroom::prefetch {
namespace {

TEST(OraclePredictor, ForetellsWhatIsRecorded) {
    RoutingRecord record;
    record.add({.at = {4, 1}, .experts = Experts{6, 2}});
    OraclePredictor predictor(RoutingShape({8, 8}, 2), record);
    EXPECT_EQ(experts(predictor, {4, 1}), (Experts{6, 2}));
    EXPECT_EQ(experts(predictor, {4, 1}, 1), Experts{6});
    EXPECT_EQ(guesses(predictor, {4, 1})[1].confidence, 1.0F);
    EXPECT_TRUE(guesses(predictor, {4, 0}).empty());
    EXPECT_TRUE(guesses(predictor, {5, 1}).empty());
}

TEST(OraclePredictor, Hazard167_PassesOverWhatTheModelDoesNotHave) {
    RoutingRecord record;
    record.add({.at = {4, 1}, .experts = Experts{600, 2, 8}});
    record.add({.at = {4, 9}, .experts = Experts{1}});
    OraclePredictor predictor(RoutingShape({8, 8}, 2), record);
    EXPECT_EQ(experts(predictor, {4, 1}), Experts{2});
    EXPECT_TRUE(guesses(predictor, {4, 9}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
