#include "kernels/device/device.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

TEST(Device, TheFirstFailedCallIsTheFault) {
    DeviceCase device;
    OnDevice<int> values(device, 4);
    device.gpu().fails = [](const char* call) {
        return std::string(call) == "copy" ? kGpuIllegalAddress : kGpuOk;
    };
    int out = 7;
    device.stream().copy({&out, values.data(), sizeof out, CopyDirection::to_host});
    device.gpu().fails = [](const char*) { return int{kGpuLaunchFailure}; };
    device.stream().synchronize();
    const auto fault = device.device().fault();
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->call, "copy");
    EXPECT_EQ(fault->error, kGpuIllegalAddress);
    EXPECT_FALSE(fault->text.empty());
    EXPECT_EQ(out, 7);
    device.gpu().fails = {};
}

TEST(Device, NothingIsLaunchedBehindAFault) {
    DeviceCase device;
    OnDevice<float> x(device, std::vector<float>(32, 1));
    device.device().check(kGpuLaunchFailure, "somebody");
    int n_calls = 0;
    device.gpu().fails = [&](const char*) { return ++n_calls, int{kGpuOk}; };
    launch(RmsNorm{x.data(), x.data(), x.data(), 1, 32, 1e-5F}, device.stream());
    Event event(device.device());
    device.stream().record(event);
    device.stream().wait(event);
    device.stream().synchronize();
    event.wait();
    EXPECT_TRUE(event.has_happened());
    EXPECT_EQ(n_calls, 2);  // the event is made; what went before is waited for
    EXPECT_FALSE(DeviceBuffer::try_allocate(device.device(), 16));
    EXPECT_FALSE(PinnedMemory::try_allocate(device.device(), 16));
}

TEST(Device, AFailedLaunchNamesItsOp) {
    DeviceCase device;
    OnDevice<float> x(device, std::vector<float>(32, 1));
    device.gpu().fails = [](const char* call) {
        return std::string(call) == "launch" ? kGpuLaunchTimeout : kGpuOk;
    };
    launch(RmsNorm{x.data(), x.data(), x.data(), 1, 32, 1e-5F}, device.stream());
    EXPECT_EQ(device.device().fault()->call, "rms_norm");
}

TEST(DeviceBuffer, NoRoomIsNoFault) {
    DeviceCase device({.memory_bytes = 4096});
    EXPECT_FALSE(DeviceBuffer::try_allocate(device.device(), 8192));
    EXPECT_FALSE(device.device().is_faulty());
}

TEST(PinnedMemory, IsRefusedWithoutAFault) {
    DeviceCase device;
    device.gpu().fails = [](const char* call) {
        return std::string(call).find("pin") != std::string::npos ? kGpuOutOfMemory : kGpuOk;
    };
    std::vector<std::byte> memory(4096);
    EXPECT_FALSE(PinnedMemory::try_allocate(device.device(), 4096));
    EXPECT_FALSE(PinnedMemory::try_pin(device.device(), memory));
    EXPECT_FALSE(device.device().is_faulty());
    device.gpu().fails = {};
    auto pinned = PinnedMemory::try_allocate(device.device(), 4096);
    ASSERT_TRUE(pinned);
    EXPECT_EQ(pinned->bytes().size(), 4096);
    EXPECT_EQ(PinnedMemory::try_pin(device.device(), memory)->bytes().data(), memory.data());
}

TEST(Stream, CopiesThereAndBack) {
    DeviceCase device;
    const std::vector<int> values = {1, 2, 3, 4};
    OnDevice<int> a(device, values), b(device, 4);
    device.stream().copy({b.data(), a.data(), 16, CopyDirection::on_device});
    EXPECT_EQ(b.values(), values);
    device.stream().clear(reinterpret_cast<std::byte*>(b.data()), 8);
    EXPECT_EQ(b.values(), (std::vector<int>{0, 0, 3, 4}));
}

}  // namespace
}  // namespace greenroom::kernels
