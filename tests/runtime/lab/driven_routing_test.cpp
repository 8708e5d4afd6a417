#include "runtime/lab/driven_routing.hpp"

#include <gtest/gtest.h>
#include <set>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kUsed = 2;

// What `routing` chooses for so many tokens of a layer.
template <class Routing>
std::vector<std::int32_t> choose(Routing& routing, int layer, std::size_t n_tokens) {
    std::vector<std::int32_t> experts(n_tokens * kUsed);
    std::vector<float> weights(experts.size());
    routing.choose({.layer = layer, .experts = experts, .weights = weights});
    for (const float weight : weights) EXPECT_GE(weight, 0);
    return experts;
}

TEST(TracedRouting, GivesTheDecodedTokensOneByOneAndFromTheStartAgain) {
    const Trace trace = tests::toy_trace();
    auto routing = TracedRouting::make(
        trace, {.layers = 4, .experts = 4, .experts_per_token = 2, .slot_bytes = {}});
    ASSERT_TRUE(routing) << routing.error().message;
    EXPECT_EQ(choose(*routing, 0, 1), (std::vector<std::int32_t>{0, 1}));
    EXPECT_EQ(choose(*routing, 0, 3), (std::vector<std::int32_t>{0, 2, 0, 1, 0, 3}));
    EXPECT_EQ(choose(*routing, 0, 2), (std::vector<std::int32_t>{0, 1, 0, 1}));
    EXPECT_EQ(choose(*routing, 3, 1), (std::vector<std::int32_t>{0, 1})) << "as layer 0";
}

TEST(TracedRouting, RefusesATraceOfAnotherModel) {
    const auto made = TracedRouting::make(
        tests::toy_trace(), {.layers = 3, .experts = 8, .experts_per_token = 2, .slot_bytes = {}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "a trace of 2 of 4 experts; the model uses 2 of 8");
}

// Binomial: of 4000 chances the share of hits lies within five standard deviations, 5 * sqrt(1/4 /
// 4000) = 0.04, of the locality.
TEST(LocalRouting, KeepsAsMuchOfTheTokenBeforeAsItSays) {
    for (const double locality : {0.0, 0.35, 1.0}) {
        LocalRouting routing(
            locality, {.layers = 2, .experts = 8, .experts_per_token = 2, .slot_bytes = {}}, 3);
        const auto chosen = choose(routing, 1, 2001);
        std::size_t kept = 0;
        for (std::size_t i = kUsed; i < chosen.size(); i += kUsed) {
            const std::set<std::int32_t> before(&chosen[i - kUsed], &chosen[i]);
            const std::set<std::int32_t> now(&chosen[i], &chosen[i] + kUsed);
            EXPECT_EQ(now.size(), kUsed) << "distinct";
            for (const std::int32_t expert : now) kept += before.count(expert);
        }
        EXPECT_NEAR(static_cast<double>(kept) / 4000, locality, 0.04);
    }
}

TEST(LocalRouting, ModelsThatUseNearlyAllTheirExpertsCannotAvoidTheLastOnes) {
    LocalRouting routing(
        0, {.layers = 1, .experts = 3, .experts_per_token = 2, .slot_bytes = {}}, 1);
    for (const std::int32_t expert : choose(routing, 0, 50)) EXPECT_LT(expert, 3);
}

}  // namespace
}  // namespace greenroom::runtime
