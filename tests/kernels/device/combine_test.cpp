#include "kernels/combine.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <vector>

#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

struct Rows {
    int n_tokens, k, cols;
    std::vector<float> partials, weights, out;
    std::vector<std::int32_t> rows;
};

Rows random_rows(int n_tokens, int k, int cols) {
    const auto n_rows = static_cast<std::size_t>(n_tokens * k);
    const auto n_cols = static_cast<std::size_t>(cols);
    Rows in{n_tokens,
            k,
            cols,
            normal(n_rows * n_cols, 1),
            normal(n_rows, 2),
            normal(static_cast<std::size_t>(n_tokens) * n_cols, 3),
            std::vector<std::int32_t>(n_rows)};
    std::iota(in.rows.begin(), in.rows.end(), 0);
    std::shuffle(in.rows.begin(), in.rows.end(), std::mt19937(4));
    return in;
}

std::vector<float> on_device(DeviceCase& device, const Rows& in) {
    OnDevice<float> partials(device, in.partials), weights(device, in.weights), out(device, in.out);
    OnDevice<std::int32_t> rows(device, in.rows);
    launch(
        Combine{
            partials.data(), rows.data(), weights.data(), out.data(), in.n_tokens, in.k, in.cols},
        device.stream());
    return out.values();
}

// |out| + the sum of |weight * partial|, for each element.
std::vector<float> magnitudes(const Rows& in) {
    Rows absolute = in;
    for (auto* values : {&absolute.partials, &absolute.weights, &absolute.out}) {
        for (float& x : *values) x = std::fabs(x);
    }
    ThreadPool pool(1);
    run_on_cpu(Combine{absolute.partials.data(),
                       in.rows.data(),
                       absolute.weights.data(),
                       absolute.out.data(),
                       in.n_tokens,
                       in.k,
                       in.cols},
               pool);
    return absolute.out;
}

TEST(CombineBody, AgreesWithItsTwinWithinRounding) {
    ThreadPool pool(1);
    for (const auto& [n_tokens, k, cols] :
         {std::array{1, 1, 1}, {1, 2, 255}, {3, 8, 257}, {2, 6, 512}}) {
        SCOPED_TRACE(cols);
        const Rows in = random_rows(n_tokens, k, cols);
        std::vector<float> expected = in.out;
        run_on_cpu(Combine{in.partials.data(),
                           in.rows.data(),
                           in.weights.data(),
                           expected.data(),
                           n_tokens,
                           k,
                           cols},
                   pool);
        const std::vector<float> got =
            tests::in_both_orders([&](DeviceCase& device) { return on_device(device, in); });
        const std::vector<float> magnitude = magnitudes(in);
        for (std::size_t i = 0; i < got.size(); ++i) {
            // A card may round a product and its sum as one. On either side a product and the k
            // sums behind it are off by half an ulp of the magnitudes each.
            const float bound = 2 * static_cast<float>(k + 1) * 0x1p-24F * magnitude[i];
            EXPECT_NEAR(got[i], expected[i], bound) << i;
        }
    }
}

TEST(CombineBody, AddsInTheOrderOfTheSlots) {
    DeviceCase device;
    // In float, (1e8 + 1) - 1e8 is 0 and (1e8 - 1e8) + 1 is 1.
    Rows in{1, 3, 1, {1e8F, 1, -1e8F}, {1, 1, 1}, {0}, {0, 1, 2}};
    EXPECT_EQ(on_device(device, in), std::vector<float>{0});
    in.rows = {0, 2, 1};
    EXPECT_EQ(on_device(device, in), std::vector<float>{1});
}

}  // namespace
}  // namespace greenroom::kernels
