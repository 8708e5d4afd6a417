#include "kernels/device/open_device.hpp"

#include <gtest/gtest.h>
#include <string>

#include "kernels/device/bodies.hpp"
#include "kernels/device/emulated/emulated_gpu.hpp"

namespace greenroom::kernels {
namespace {

using emulated::EmulatedGpu;

class OpenDevice : public testing::Test {
 protected:
    // The reason that opening fails for; empty where it does not.
    DeviceRefusal refused(int index = 0, std::string_view architectures = "75;86") {
        auto opened = open_device(gpu_, emulated::ops(), architectures, index);
        if (const auto* const refusal = std::get_if<DeviceRefusal>(&opened)) return *refusal;
        return {};
    }
    void answer(const std::string& call, int error) {
        gpu_.fails = [=](const char* name) { return call == name ? error : int{kGpuOk}; };
    }

    EmulatedGpu gpu_{{.n_devices = 2}};
};

TEST_F(OpenDevice, GivesTheDeviceWithItsFacts) {
    auto opened = open_device(gpu_, emulated::ops(), "75", 1);
    ASSERT_TRUE(std::holds_alternative<std::unique_ptr<Device>>(opened));
    const auto& device = std::get<std::unique_ptr<Device>>(opened);
    EXPECT_EQ(device->facts().name, "emulated");
    EXPECT_EQ(device->index(), 1);
}

TEST_F(OpenDevice, Hazard121_NoDriver) {
    gpu_.driver_version = 0;
    EXPECT_EQ(refused().reason, "no NVIDIA driver is installed");
    EXPECT_TRUE(refused().is_absent);
    gpu_.driver_version = 13000;
    answer("device_count", kGpuInsufficientDriver);
    EXPECT_FALSE(refused().is_absent);
}

TEST_F(OpenDevice, Hazard122_ADriverThatIsTooOldSaysWhatIsNeeded) {
    gpu_.driver_version = 11040;
    answer("device_count", kGpuInsufficientDriver);
    EXPECT_EQ(refused().reason,
              "the NVIDIA driver knows CUDA 11.4, this program needs 13.0: update the driver");
}

TEST_F(OpenDevice, Hazard123_TheStubLibrary) {
    answer("versions", kGpuStubLibrary);
    EXPECT_TRUE(refused().reason.find("stub") != std::string::npos);
}

TEST_F(OpenDevice, Hazard124_NoDeviceOrNoSuchDevice) {
    EXPECT_EQ(refused(2).reason, "device.index 2: there are 2 GPUs, 0 to 1");
    EXPECT_FALSE(refused(-1).reason.empty());
    answer("device_count", kGpuNoDevice);
    EXPECT_EQ(refused().reason, "no NVIDIA GPU is visible (CUDA_VISIBLE_DEVICES may hide it)");
    EXPECT_TRUE(refused().is_absent);
}

TEST_F(OpenDevice, Hazard125_AGpuThatIsTooOldForTheDeviceCode) {
    EXPECT_EQ(refused(0, "80;90").reason,
              "emulated has compute capability 7.5; this program has device code for 80;90");
}

TEST_F(OpenDevice, Hazard126_ADriverThatWasUpdatedUnderTheSystem) {
    answer("device_count", kGpuDriverMismatch);
    EXPECT_TRUE(refused().reason.find("restart") != std::string::npos);
}

TEST_F(OpenDevice, Hazard127_AnExclusiveGpuThatIsInUse) {
    answer("select", kGpuUnavailable);
    EXPECT_TRUE(refused().reason.find("in use by another process") != std::string::npos);
}

TEST_F(OpenDevice, WhatNobodyForesawIsSaidWithItsNumber) {
    answer("describe", 999);
    EXPECT_EQ(refused().reason, "the GPU does not open: emulated error 999 (error 999)");
}

}  // namespace
}  // namespace greenroom::kernels
