#include "kernels/route_top_k.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

namespace greenroom::kernels {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Routed {
    std::vector<std::int32_t> experts;
    std::vector<float> weights;
};

Routed route(const std::vector<float>& logits, int n_experts, int k) {
    const auto n_tokens = static_cast<int>(logits.size()) / n_experts;
    const auto n = static_cast<std::size_t>(n_tokens * k);
    Routed out{std::vector<std::int32_t>(n), std::vector<float>(n)};
    run_on_cpu(RouteTopK{.logits = logits.data(),
                         .experts = out.experts.data(),
                         .weights = out.weights.data(),
                         .n_tokens = n_tokens,
                         .n_experts = n_experts,
                         .k = k,
                         .rule = RouterRule::softmax_top_k_renormalised});
    return out;
}

TEST(RouteTopK, TakesTheLargestLogitsAndRenormalises) {
    const Routed routed = route({0, 3, 1, 2, /**/ 5, 5, 4, 0}, 4, 2);
    EXPECT_EQ(routed.experts, (std::vector<std::int32_t>{1, 3, 0, 1}));
    const double first = std::exp(3.0) / (std::exp(3.0) + std::exp(2.0));
    EXPECT_NEAR(routed.weights[0], first, 1e-7);
    EXPECT_NEAR(routed.weights[1], 1 - first, 1e-7);
    EXPECT_EQ(routed.weights[2], 0.5F);
}

TEST(RouteTopK, AgreesWithAStableSort) {
    constexpr unsigned kSeed = 20;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 200; ++round) {
        std::vector<float> logits(16);
        for (float& logit : logits) logit = static_cast<float>(random() % 8);  // many ties
        std::vector<std::int32_t> order(16);
        for (int e = 0; e < 16; ++e) order[static_cast<std::size_t>(e)] = e;
        std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
            return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
        });
        order.resize(6);
        EXPECT_EQ(route(logits, 16, 6).experts, order);
    }
}

TEST(RouteTopK, Hazard061_TiesGoToTheLowerExpert) {
    EXPECT_EQ(route({1, 1, 1, 1}, 4, 4).experts, (std::vector<std::int32_t>{0, 1, 2, 3}));
}

TEST(RouteTopK, Hazard059_NansNeverLeaveTheRange) {
    EXPECT_EQ(route({kNan, 1, kNan, 2}, 4, 3).experts, (std::vector<std::int32_t>{3, 1, 0}));
    EXPECT_EQ(route({kNan, kNan, kNan}, 3, 2).experts, (std::vector<std::int32_t>{0, 1}));
}

TEST(RouteTopK, Hazard060_ExpertsAreDistinctForEveryInput) {
    for (const auto& logits : {std::vector<float>{kInf, kInf, -kInf, kNan},
                               std::vector<float>{-kInf, -kInf, -kInf, -kInf},
                               std::vector<float>{kNan, kInf, kNan, -kInf}}) {
        std::vector<std::int32_t> experts = route(logits, 4, 4).experts;
        std::sort(experts.begin(), experts.end());
        EXPECT_EQ(experts, (std::vector<std::int32_t>{0, 1, 2, 3}));
    }
}

}  // namespace
}  // namespace greenroom::kernels
