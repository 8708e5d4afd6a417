// A file of its own: gpu_tests links another one in its place.
#include "tests/support/test_gpu.hpp"

namespace greenroom::tests {

TestGpu test_gpu(const kernels::emulated::EmulatedGpuSettings& settings) {
    return emulated_gpu(settings);
}

}  // namespace greenroom::tests
