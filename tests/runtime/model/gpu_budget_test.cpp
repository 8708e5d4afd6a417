#include "runtime/model/gpu_budget.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

constexpr GpuRoom kRoom{.free = 1000, .reserve = 100, .dense = 300, .guesses = 50};

TEST(GpuBudget, IsWhatIsLeft) {
    EXPECT_EQ(*gpu_expert_budget(kRoom, {.all = 9000, .least = 20}, "T4"), 550u);
}

TEST(GpuBudget, IsNoMoreThanAllExperts) {
    EXPECT_EQ(*gpu_expert_budget(kRoom, {.all = 200, .least = 20}, "T4"), 200u);
}

TEST(GpuBudget, IsWhatIsAskedForWhereThatFits) {
    EXPECT_EQ(*gpu_expert_budget(kRoom, {.asked = 550, .all = 9000, .least = 20}, "T4"), 550u);
}

TEST(GpuBudget, Hazard119_WhatDoesNotFitIsRefusedWithTheNumbers) {
    const auto asked = gpu_expert_budget(kRoom, {.asked = 551, .all = 9000, .least = 20}, "T4");
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().message,
              "T4: 551 bytes for experts are wanted beside 300 for dense weights, keys and values, "
              "50 for guesses and a reserve of 100; 1000 are free");
    EXPECT_FALSE(gpu_expert_budget(kRoom, {.all = 9000, .least = 551}, "T4"));
    EXPECT_FALSE(gpu_expert_budget({.free = 100, .reserve = 101}, {}, "T4"));
}

TEST(GpuBudget, ADenseModelNeedsNone) {
    EXPECT_EQ(*gpu_expert_budget(kRoom, {}, "T4"), 0u);
}

}  // namespace
}  // namespace greenroom::runtime
