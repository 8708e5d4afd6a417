#include "runtime/model/device_memory.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::runtime {
namespace {

using tests::DeviceCase;
using Purpose = DeviceMemory::Purpose;

TEST(DeviceMemory, CopiesValuesThere) {
    DeviceCase device;
    DeviceMemory memory(device.stream(), Purpose::use);
    const std::vector<float> values = {1, 2, 3};
    float* const there = memory.copy(std::span<const float>(values));
    ASSERT_NE(there, nullptr);
    std::vector<float> back(3);
    device.stream().copy({back.data(), there, 12, kernels::CopyDirection::to_host});
    device.stream().synchronize();
    EXPECT_EQ(back, values);
    EXPECT_TRUE(memory.is_complete());
}

TEST(DeviceMemory, IsNotCompleteOnceTheDeviceHasNoMore) {
    DeviceCase device({.memory_bytes = 4096});
    DeviceMemory memory(device.stream(), Purpose::use);
    EXPECT_NE(memory.take<float>(512), nullptr);
    EXPECT_TRUE(memory.is_complete());
    EXPECT_EQ(memory.take<float>(1024), nullptr);
    EXPECT_FALSE(memory.is_complete());
    EXPECT_FALSE(device.device().fault());
}

TEST(DeviceMemory, SharesHostMemoryAsLongAsTheSystemPinsIt) {
    DeviceCase device;
    DeviceMemory memory(device.stream(), Purpose::use);
    const std::span<int> shared = memory.share<int>(8);
    ASSERT_EQ(shared.size(), 8u);
    shared[7] = 1;
    device.gpu().fails = [](const char*) { return int{kernels::kGpuOutOfMemory}; };
    EXPECT_TRUE(memory.share<int>(8).empty());
    EXPECT_FALSE(memory.is_complete());
    device.gpu().fails = {};
}

TEST(DeviceMemory, CountsWhatItWouldTake) {
    DeviceCase device;
    DeviceMemory count(device.stream(), Purpose::count), use(device.stream(), Purpose::use);
    for (DeviceMemory* memory : {&count, &use}) {
        memory->take<float>(100);
        memory->take<float>(1000);
        memory->share<float>(5);
    }
    EXPECT_EQ(count.bytes(), use.bytes());
    EXPECT_GE(count.bytes(), 4400u);
    EXPECT_FALSE(count.is_complete());
    EXPECT_EQ(device.device().memory().total - device.device().memory().free, 512u + 4096u);
}

}  // namespace
}  // namespace greenroom::runtime
