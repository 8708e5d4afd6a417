#include "kernels/silu_mul.hpp"

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

std::vector<float> on_device(DeviceCase& device,
                             const std::vector<float>& gate,
                             const std::vector<float>& up) {
    OnDevice<float> on_gate(device, gate), on_up(device, up), out(device, gate.size());
    launch(
        SiluMul{on_gate.data(), on_up.data(), out.data(), static_cast<std::int64_t>(gate.size())},
        device.stream());
    return out.values();
}

TEST(SiluMulBody, AgreesWithItsTwinWithinRounding) {
    ThreadPool pool(1);
    for (const std::size_t n : {1, 255, 256, 257, 3000}) {
        SCOPED_TRACE(n);
        std::vector<float> gate = normal(n, 1);
        for (float& x : gate) x *= 20;
        const std::vector<float> up = normal(n, 2);
        std::vector<float> expected(n);
        run_on_cpu(SiluMul{gate.data(), up.data(), expected.data(), static_cast<std::int64_t>(n)},
                   pool);
        const std::vector<float> got =
            tests::in_both_orders([&](DeviceCase& device) { return on_device(device, gate, up); });
        for (std::size_t i = 0; i < n; ++i) {
            // In half ulps: e^-x is off by 4 on a card and by 2 on the host; on either side the
            // sum, the quotient and the product add one each.
            EXPECT_NEAR(got[i], expected[i], 12 * 0x1p-24F * std::fabs(expected[i])) << i;
        }
    }
}

TEST(SiluMulBody, TheOutputMayBeEitherInput) {
    DeviceCase device;
    const std::vector<float> gate = normal(300, 1), up = normal(300, 2);
    const std::vector<float> expected = on_device(device, gate, up);
    OnDevice<float> a(device, gate), b(device, up);
    launch(SiluMul{a.data(), b.data(), b.data(), 300}, device.stream());
    EXPECT_EQ(b.values(), expected);
    OnDevice<float> c(device, up);
    launch(SiluMul{a.data(), c.data(), a.data(), 300}, device.stream());
    EXPECT_EQ(a.values(), expected);
}

TEST(SiluMulBody, KeepsTheLimitsOfTheFunction) {
    DeviceCase device;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto out = on_device(device, {0, -1000, 1000, nan, 1}, {1, 1, 1, 1, nan});
    EXPECT_EQ(out[0], 0);
    EXPECT_EQ(out[1], 0);
    EXPECT_EQ(out[2], 1000);
    EXPECT_TRUE(std::isnan(out[3]));
    EXPECT_TRUE(std::isnan(out[4]));
}

}  // namespace
}  // namespace greenroom::kernels
