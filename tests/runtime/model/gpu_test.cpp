#include "runtime/model/gpu.hpp"

#include <gtest/gtest.h>
#include <utility>

#include "kernels/device/bodies.hpp"
#include "kernels/device/emulated/emulated_gpu.hpp"

namespace greenroom::runtime {
namespace {

using kernels::emulated::EmulatedGpu;

kernels::CudaBuild emulated(int driver_version = 13000) {
    auto gpu = std::make_unique<EmulatedGpu>();
    gpu->driver_version = driver_version;
    return {std::move(gpu), &kernels::emulated::ops(), "75"};
}

TEST(Gpu, OpensWithAStreamThatWorks) {
    std::string why_not;
    const auto gpu = Gpu::open({}, emulated(), why_not);
    ASSERT_TRUE(gpu && *gpu);
    EXPECT_TRUE(why_not.empty());
    (*gpu)->stream().synchronize();
    EXPECT_FALSE((*gpu)->device().fault());
}

TEST(Gpu, WithoutADriverTheCpuComputesAndALineSaysSo) {
    std::string why_not;
    const auto gpu = Gpu::open({}, emulated(0), why_not);
    ASSERT_TRUE(gpu);
    EXPECT_EQ(*gpu, nullptr);
    EXPECT_EQ(why_not, "no NVIDIA driver is installed: computing on the CPU");
}

TEST(Gpu, WhoInsistsGetsAnError) {
    std::string why_not;
    EXPECT_EQ(Gpu::open({.must = true}, emulated(0), why_not).error().message,
              "device.kind cuda: no NVIDIA driver is installed");
    EXPECT_EQ(Gpu::open({.must = true}, kernels::CudaBuild{}, why_not).error().message,
              "device.kind cuda: this program was built without a CUDA toolkit");
}

TEST(Gpu, ABuildWithoutDeviceCodeHasNothingToSay) {
    std::string why_not;
    const auto gpu = Gpu::open({}, kernels::CudaBuild{}, why_not);
    ASSERT_TRUE(gpu);
    EXPECT_EQ(*gpu, nullptr);
    EXPECT_TRUE(why_not.empty());
}

}  // namespace
}  // namespace greenroom::runtime
