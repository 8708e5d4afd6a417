// The GPU that a program's tests run on: the emulated one, or in gpu_tests, where tests/on_card
// takes its place, the card of this machine.
#pragma once

#include <memory>

#include "kernels/device/emulated/emulated_gpu.hpp"
#include "kernels/device/ops.hpp"

namespace greenroom::tests {

struct TestGpu {
    std::unique_ptr<kernels::GpuRuntime> runtime;
    const kernels::DeviceOps* ops;  // that it runs
    kernels::GpuFacts facts;
};
// A card has settings of its own.
TestGpu test_gpu(const kernels::emulated::EmulatedGpuSettings& settings);
TestGpu emulated_gpu(const kernels::emulated::EmulatedGpuSettings& settings);

}  // namespace greenroom::tests
