#include "kernels/device/bodies.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::tests {

TestGpu emulated_gpu(const kernels::emulated::EmulatedGpuSettings& settings) {
    return {std::make_unique<kernels::emulated::EmulatedGpu>(settings),
            &kernels::emulated::ops(),
            settings.facts};
}

}  // namespace greenroom::tests
