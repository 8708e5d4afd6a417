#include "runtime/model/device_router.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::runtime {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

// Two values in, three experts out: expert e likes value e; the third likes neither.
class DeviceRouterTest : public testing::Test {
 protected:
    io::Result<RoutedBatch> route(const std::vector<float>& x) {
        OnDevice<float> values(device_, x);
        input_.assign(values.data(), static_cast<int>(x.size()) / 2, 2);
        const kernels::Matrix router{
            reinterpret_cast<const std::byte*>(weights_.data()), kernels::BlockType::f32, 3, 2};
        return router_.route({.layer = 7,
                              .first_position = 5,
                              .router = router,
                              .x = input_,
                              .hidden = values.data()},
                             device_.stream());
    }

    DeviceCase device_;
    DeviceMemory memory_{device_.stream(), DeviceMemory::Purpose::use};
    DeviceActivations input_{memory_, 4, 2};
    DeviceRouter router_{{.embed = 2, .experts = 3, .experts_used = 2},
                         kernels::RouterRule::softmax_top_k_renormalised,
                         4,
                         memory_};
    OnDevice<float> weights_{device_, std::vector<float>{1, 0, 0, 1, -9, -9}};
};

TEST_F(DeviceRouterTest, TheHostLearnsWhatTheDeviceChose) {
    const auto routed = route({1, 0, 0, 2});
    ASSERT_TRUE(routed) << routed.error().message;
    EXPECT_EQ(routed->layer, 7);
    EXPECT_EQ(routed->first_position, 5);
    EXPECT_EQ(routed->n_tokens, 2);
    EXPECT_TRUE(std::ranges::equal(routed->experts, std::vector<int>{0, 1, 1, 0}));
    EXPECT_GT(routed->weights[0], routed->weights[1]);
    EXPECT_EQ(router_.last_hidden()[1], 2.0F);
}

TEST_F(DeviceRouterTest, ValuesThatAreNotFiniteAreAnError) {
    const auto routed = route({std::numeric_limits<float>::quiet_NaN(), 0});
    ASSERT_FALSE(routed);
    EXPECT_EQ(routed.error().message, "non-finite values at layer 7");
}

TEST_F(DeviceRouterTest, AFailedDeviceIsNamed) {
    device_.gpu().fails = [](const char* call) {
        return std::string_view(call) == "launch" ? kernels::kGpuLaunchFailure : kernels::kGpuOk;
    };
    const auto routed = route({1, 0});
    ASSERT_FALSE(routed);
    EXPECT_EQ(routed.error().message, "emulated failed at mat_mul: emulated error 719 (error 719)");
    device_.gpu().fails = {};
}

}  // namespace
}  // namespace greenroom::runtime
