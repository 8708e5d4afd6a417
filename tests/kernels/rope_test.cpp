#include "kernels/rope.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace greenroom::kernels {
namespace {

const std::vector<float> kFrequencies = {1, 0.1F, 0.01F};

std::vector<float> counting(std::size_t n) {
    std::vector<float> x(n);
    std::iota(x.begin(), x.end(), 1.0F);
    return x;
}

Rope rope(std::vector<float>& x, int n_tokens, int n_heads, int head_dim) {
    return {.x = x.data(),
            .inv_freq = kFrequencies.data(),
            .n_tokens = n_tokens,
            .n_heads = n_heads,
            .head_dim = head_dim,
            .n_rot = 6,
            .first_position = 0,
            .pairing = RopePairing::adjacent};
}

TEST(Rope, TurnsAdjacentElementsByPositionTimesFrequency) {
    ThreadPool pool(2);
    std::vector<float> x = counting(2 * 2 * 8);
    Rope op = rope(x, 2, 2, 8);
    op.first_position = 10;
    run_on_cpu(op, pool);
    const std::vector<float> before = counting(2 * 2 * 8);
    for (std::size_t row = 0; row < 4; ++row) {
        const auto position = static_cast<double>(10 + row / 2);
        for (std::size_t pair = 0; pair < 3; ++pair) {
            const double angle = position * double{kFrequencies[pair]};
            const double a = before[row * 8 + 2 * pair], b = before[row * 8 + 2 * pair + 1];
            // Cosine, sine, two products and a sum are rounded once each.
            const double bound = 2.5 * 0x1p-23 * (a + b);
            EXPECT_NEAR(x[row * 8 + 2 * pair], a * std::cos(angle) - b * std::sin(angle), bound);
            EXPECT_NEAR(
                x[row * 8 + 2 * pair + 1], a * std::sin(angle) + b * std::cos(angle), bound);
        }
    }
}

TEST(Rope, PairsHalvesOfTheTurnedPart) {
    ThreadPool pool(1);
    std::vector<float> adjacent = {1, 4, 2, 5, 3, 6}, halves = {1, 2, 3, 4, 5, 6};
    Rope a = rope(adjacent, 1, 1, 6), b = rope(halves, 1, 1, 6);
    a.first_position = b.first_position = 7;
    b.pairing = RopePairing::halves;
    run_on_cpu(a, pool);
    run_on_cpu(b, pool);
    for (std::size_t pair = 0; pair < 3; ++pair) {
        EXPECT_EQ(adjacent[2 * pair], halves[pair]);
        EXPECT_EQ(adjacent[2 * pair + 1], halves[pair + 3]);
    }
}

TEST(Rope, LeavesElementsPastTheTurnedPartAlone) {
    ThreadPool pool(1);
    std::vector<float> x = counting(10);
    Rope op = rope(x, 1, 1, 10);
    op.first_position = 3;
    run_on_cpu(op, pool);
    for (std::size_t i = 6; i < 10; ++i) EXPECT_EQ(x[i], static_cast<float>(i + 1));
}

TEST(Rope, TurningBackRestoresTheVector) {
    ThreadPool pool(1);
    std::vector<float> x = counting(6);
    Rope op = rope(x, 1, 1, 6);
    op.first_position = 1000;
    run_on_cpu(op, pool);
    op.first_position = -1000;
    run_on_cpu(op, pool);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(x[i], i + 1.0, 5 * 0x1p-23 * 11);
}

TEST(Rope, ScalesByTheMagnitude) {
    ThreadPool pool(1);
    std::vector<float> x = {1, 0, 1, 0, 1, 0};
    Rope op = rope(x, 1, 1, 6);
    op.magnitude = 1.5F;
    run_on_cpu(op, pool);
    EXPECT_EQ(x, (std::vector<float>{1.5F, 0, 1.5F, 0, 1.5F, 0}));
}

}  // namespace
}  // namespace greenroom::kernels
