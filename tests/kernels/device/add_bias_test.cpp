#include "kernels/add_bias.hpp"

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

TEST(AddBiasBody, AddsWhatItsTwinAdds) {
    ThreadPool pool(1);
    for (const int cols : {1, 33, 255, 256, 257, 1000}) {
        SCOPED_TRACE(cols);
        const auto n = static_cast<std::size_t>(cols);
        const std::vector<float> bias = normal(n, 1), y = normal(3 * n, 2);
        std::vector<float> expected = y;
        run_on_cpu(AddBias{bias.data(), expected.data(), 3, cols}, pool);
        const std::vector<float> got = tests::in_both_orders([&](DeviceCase& device) {
            OnDevice<float> on_bias(device, bias), on_y(device, y);
            launch(AddBias{on_bias.data(), on_y.data(), 3, cols}, device.stream());
            return on_y.values();
        });
        EXPECT_EQ(got, expected);  // one rounded addition on either side
    }
}

TEST(AddBiasBody, PassesNansOn) {
    DeviceCase device;
    OnDevice<float> bias(device, std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 1});
    OnDevice<float> y(device, std::vector<float>{1, 2});
    launch(AddBias{bias.data(), y.data(), 1, 2}, device.stream());
    const std::vector<float> out = y.values();
    EXPECT_TRUE(std::isnan(out[0]));
    EXPECT_EQ(out[1], 3);
}

}  // namespace
}  // namespace greenroom::kernels
