#include "runtime/model/device_activations.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::runtime {
namespace {

using kernels::BlockType;
using tests::DeviceCase;
using tests::OnDevice;

class DeviceActivationsTest : public testing::Test {
 protected:
    DeviceCase device_;
    DeviceMemory memory_{device_.stream(), DeviceMemory::Purpose::use};
    DeviceActivations rows_{memory_, 2, 256};
    OnDevice<float> x_{device_, std::vector<float>(512, 2.0F)};
};

TEST_F(DeviceActivationsTest, GiveFloatsToProductsWithFloats) {
    rows_.assign(x_.data(), 2, 256);
    const auto rows = rows_.rows_for(BlockType::f16, device_.stream());
    EXPECT_EQ(rows.values, x_.data());
    EXPECT_EQ(rows.q, nullptr);
}

TEST_F(DeviceActivationsTest, AreRoundedOnceForEachSizeOfBlock) {
    int n_launches = 0;
    device_.gpu().fails = [&](const char* call) {
        n_launches += std::string_view(call) == "launch" ? 1 : 0;
        return int{kernels::kGpuOk};
    };
    rows_.assign(x_.data(), 2, 256);
    const auto a = rows_.rows_for(BlockType::q8_0, device_.stream());
    const auto b = rows_.rows_for(BlockType::q4_0, device_.stream());
    EXPECT_EQ(a.q, b.q);
    EXPECT_EQ(n_launches, 1);
    EXPECT_NE(rows_.rows_for(BlockType::q4_k, device_.stream()).q, a.q);
    EXPECT_EQ(n_launches, 2);
    rows_.assign(x_.data(), 1, 256);
    rows_.rows_for(BlockType::q8_0, device_.stream());
    EXPECT_EQ(n_launches, 3);
    device_.gpu().fails = {};
}

TEST_F(DeviceActivationsTest, StandForWhatTheyWereRoundedFrom) {
    rows_.assign(x_.data(), 2, 256);
    const auto rows = rows_.rows_for(BlockType::q8_0, device_.stream());
    std::vector<std::int8_t> q(512);
    std::vector<float> scales(16);
    device_.stream().copy({q.data(), rows.q, 512, kernels::CopyDirection::to_host});
    device_.stream().copy({scales.data(), rows.scales, 64, kernels::CopyDirection::to_host});
    device_.stream().synchronize();
    EXPECT_EQ(q, std::vector<std::int8_t>(512, 127));
    EXPECT_EQ(scales, std::vector<float>(16, 2.0F / 127));
}

}  // namespace
}  // namespace greenroom::runtime
