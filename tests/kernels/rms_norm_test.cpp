#include "kernels/rms_norm.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

namespace greenroom::kernels {
namespace {

std::vector<float> normal(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> value;
    std::vector<float> out(n);
    for (float& x : out) x = value(random);
    return out;
}

TEST(RmsNorm, DividesByTheRootMeanSquareOfTheRow) {
    ThreadPool pool(2);
    for (const int cols : {1, 7, 8, 64, 1000, 4096}) {
        SCOPED_TRACE(cols);
        constexpr int kRows = 5;
        const auto n = static_cast<std::size_t>(cols);
        const std::vector<float> x = normal(kRows * n, 1), w = normal(n, 2);
        std::vector<float> y(kRows * n);
        run_on_cpu(RmsNorm{x.data(), w.data(), y.data(), kRows, cols, 1e-5F}, pool);
        for (std::size_t r = 0; r < kRows; ++r) {
            double sum = 0;
            for (std::size_t c = 0; c < n; ++c) sum += double{x[r * n + c]} * x[r * n + c];
            for (std::size_t c = 0; c < n; ++c) {
                const double expected =
                    x[r * n + c] / std::sqrt(sum / cols + double{1e-5F}) * double{w[c]};
                // The scale and two products are rounded to float: 3 half ulps.
                EXPECT_NEAR(y[r * n + c], expected, std::fabs(expected) * 1.5 * 0x1p-23);
            }
        }
    }
}

TEST(RmsNorm, WorksInPlace) {
    ThreadPool pool(1);
    const std::vector<float> w = normal(33, 3);
    std::vector<float> x = normal(33, 4), y(33);
    run_on_cpu(RmsNorm{x.data(), w.data(), y.data(), 1, 33, 1e-6F}, pool);
    run_on_cpu(RmsNorm{x.data(), w.data(), x.data(), 1, 33, 1e-6F}, pool);
    EXPECT_EQ(x, y);
}

TEST(RmsNorm, KeepsZerosAndPassesNansOn) {
    ThreadPool pool(1);
    const std::vector<float> w(4, 1);
    std::vector<float> x = {0, 0, 0, 0, 1, std::numeric_limits<float>::quiet_NaN(), 0, 0};
    run_on_cpu(RmsNorm{x.data(), w.data(), x.data(), 2, 4, 1e-6F}, pool);
    EXPECT_EQ(x[0], 0);
    EXPECT_TRUE(std::isnan(x[4]));
}

}  // namespace
}  // namespace greenroom::kernels
