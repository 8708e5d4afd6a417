#include "tests/support/test_gpu.hpp"

#include "kernels/device/bodies.hpp"

namespace greenroom::tests {

TestGpu test_gpu(const kernels::emulated::EmulatedGpuSettings& settings) {
    return {std::make_unique<kernels::emulated::EmulatedGpu>(settings),
            &kernels::emulated::ops(),
            settings.facts};
}

}  // namespace greenroom::tests
