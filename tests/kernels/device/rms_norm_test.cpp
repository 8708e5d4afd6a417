#include "kernels/rms_norm.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

struct Rows {
    int rows, cols;
    std::vector<float> x, w;
};

std::vector<float> on_device(DeviceCase& device, const Rows& in) {
    OnDevice<float> x(device, in.x), w(device, in.w), y(device, in.x.size());
    launch(RmsNorm{x.data(), w.data(), y.data(), in.rows, in.cols, 1e-5F}, device.stream());
    return y.values();
}

TEST(RmsNormBody, AgreesWithItsTwinWithinRounding) {
    ThreadPool pool(1);
    for (const int cols : {1, 7, 32, 255, 256, 257, 1000, 4096}) {
        SCOPED_TRACE(cols);
        const auto n = static_cast<std::size_t>(cols);
        const Rows in{3, cols, normal(3 * n, 1), normal(n, 2)};
        std::vector<float> expected(in.x.size());
        run_on_cpu(RmsNorm{in.x.data(), in.w.data(), expected.data(), 3, cols, 1e-5F}, pool);
        const std::vector<float> got =
            tests::in_both_orders([&](DeviceCase& device) { return on_device(device, in); });
        for (std::size_t i = 0; i < got.size(); ++i) {
            // A sum of n squares, each of positive terms, is off by at most n half ulps, its root
            // by half of that; mean, sum with eps, root, quotient and two products add six.
            const float bound = std::fabs(expected[i]) * (n / 2 + 6) * 0x1p-24F;
            EXPECT_NEAR(got[i], expected[i], bound) << i;
        }
    }
}

TEST(RmsNormBody, KeepsZerosAndPassesNansOn) {
    DeviceCase device;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto y = on_device(device, {2, 4, {0, 0, 0, 0, 1, nan, 0, 0}, {1, 1, 1, 1}});
    EXPECT_EQ(y[0], 0);
    EXPECT_TRUE(std::isnan(y[4]));
}

}  // namespace
}  // namespace greenroom::kernels
