#include "kernels/route_top_k.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Routed {
    std::vector<std::int32_t> experts;
    std::vector<float> weights;
};

// Without its memory.
RouteTopK shape(const std::vector<float>& logits, int n_experts, int k) {
    return {.logits = logits.data(),
            .experts = nullptr,
            .weights = nullptr,
            .n_tokens = static_cast<int>(logits.size()) / n_experts,
            .n_experts = n_experts,
            .k = k,
            .rule = RouterRule::softmax_top_k_renormalised};
}

Routed on_cpu(RouteTopK op) {
    const auto n = static_cast<std::size_t>(op.n_tokens * op.k);
    Routed out{std::vector<std::int32_t>(n), std::vector<float>(n)};
    op.experts = out.experts.data();
    op.weights = out.weights.data();
    run_on_cpu(op);
    return out;
}

Routed on_device(DeviceCase& device, const std::vector<float>& logits, RouteTopK op) {
    const auto n = static_cast<std::size_t>(op.n_tokens * op.k);
    OnDevice<float> from(device, logits), weights(device, n);
    OnDevice<std::int32_t> experts(device, n);
    op.logits = from.data();
    op.experts = experts.data();
    op.weights = weights.data();
    launch(op, device.stream());
    return {experts.values(), weights.values()};
}

void expect_the_twins_choice(const std::vector<float>& logits, int n_experts, int k) {
    SCOPED_TRACE(testing::Message() << k << " of " << n_experts);
    const RouteTopK op = shape(logits, n_experts, k);
    const Routed expected = on_cpu(op);
    Routed got;
    tests::in_both_orders([&](DeviceCase& device) {
        got = on_device(device, logits, op);
        return got.weights;
    });
    EXPECT_EQ(got.experts, expected.experts);
    for (std::size_t i = 0; i < got.weights.size(); ++i) {
        if (std::isnan(expected.weights[i])) {
            EXPECT_TRUE(std::isnan(got.weights[i])) << i;
            continue;
        }
        // In half ulps: exp of the same difference is off by 4 on a card and by 2 on the host, and
        // so is the sum of it; a warp's sum adds 5 and one more for every 32; each quotient adds 1.
        const float bound = (4 + 4 + 6 + static_cast<float>(k) / 32 + 1 + 2 + 2 + 1) * 0x1p-24F;
        EXPECT_NEAR(got.weights[i], expected.weights[i], bound * expected.weights[i]) << i;
    }
}

TEST(RouteTopKBody, ChoosesWhatItsTwinChooses) {
    expect_the_twins_choice(normal(1, 1), 1, 1);
    expect_the_twins_choice(normal(5 * 8, 2), 8, 2);
    expect_the_twins_choice(normal(3 * 33, 3), 33, 33);
    expect_the_twins_choice(normal(2 * 128, 4), 128, 8);
    expect_the_twins_choice(normal(2 * 384, 5), 384, 40);
}

TEST(RouteTopKBody, Hazard061_TiesGoToTheLowerExpert) {
    std::mt19937 random(6);
    for (int round = 0; round < 5; ++round) {
        std::vector<float> logits(3 * 64);
        for (float& logit : logits) logit = static_cast<float>(random() % 4) - 2;
        for (std::size_t i = 0; i < logits.size(); i += 5) logits[i] = -0.0F;
        expect_the_twins_choice(logits, 64, 20);
    }
}

TEST(RouteTopKBody, Hazard059_NansNeverLeaveTheRange) {
    expect_the_twins_choice({kNan, 1, kNan, 2}, 4, 3);
    expect_the_twins_choice({kNan, kNan, kNan}, 3, 2);
    expect_the_twins_choice({kNan, -kInf, 1, -kInf, kNan}, 5, 5);
}

TEST(RouteTopKBody, Hazard060_ExpertsAreDistinctForEveryInput) {
    expect_the_twins_choice({kInf, kInf, -kInf, kNan}, 4, 4);
    expect_the_twins_choice({-kInf, -kInf, -kInf, -kInf}, 4, 4);
    expect_the_twins_choice({kNan, kInf, kNan, -kInf}, 4, 4);
}

}  // namespace
}  // namespace greenroom::kernels
