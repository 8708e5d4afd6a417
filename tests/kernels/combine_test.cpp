#include "kernels/combine.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::kernels {
namespace {

TEST(Combine, AddsTheWeightedRowsOfEachTokenToItsOutput) {
    ThreadPool pool(2);
    const std::vector<float> partials = {1, 2, /**/ 10, 20, /**/ 100, 200, /**/ 1000, 2000};
    const std::vector<std::int32_t> rows = {3, 0, 1, 2};
    const std::vector<float> weights = {1, 0.5F, 2, 0};
    std::vector<float> out = {7, 7, 8, 8};
    run_on_cpu(Combine{partials.data(), rows.data(), weights.data(), out.data(), 2, 2, 2}, pool);
    EXPECT_EQ(out, (std::vector<float>{1007.5F, 2008, 28, 48}));
}

TEST(Combine, AddsInTheOrderOfTheSlots) {
    ThreadPool pool(1);
    // In float, (1e8 + 1) - 1e8 is 0 and (1e8 - 1e8) + 1 is 1.
    const std::vector<float> partials = {1e8F, 1, -1e8F};
    const std::vector<float> weights = {1, 1, 1};
    const auto sum = [&](std::vector<std::int32_t> rows) {
        float out = 0;
        run_on_cpu(Combine{partials.data(), rows.data(), weights.data(), &out, 1, 3, 1}, pool);
        return out;
    };
    EXPECT_EQ(sum({0, 1, 2}), 0);
    EXPECT_EQ(sum({0, 2, 1}), 1);
}

}  // namespace
}  // namespace greenroom::kernels
