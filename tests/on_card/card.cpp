#include "tests/on_card/card.hpp"

#include "kernels/device/cuda/cuda_gpu.hpp"
#include "kernels/require.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::tests {

std::string why_no_card(kernels::GpuRuntime* runtime) {
    if (runtime == nullptr) return "this build has no device code";
    int n = 0;
    const int error = runtime->device_count(n);
    if (error != kernels::kGpuOk) return runtime->error_text(error);
    return n > 0 ? "" : "no device";
}

TestGpu test_gpu(const kernels::emulated::EmulatedGpuSettings&) {
    kernels::CudaBuild build = kernels::cuda_build();
    TestGpu gpu{std::move(build.runtime), build.ops, {}};
    kernels::require(gpu.runtime->select(0) == kernels::kGpuOk &&
                         gpu.runtime->describe(0, gpu.facts) == kernels::kGpuOk,
                     "the card does not open");
    return gpu;
}

}  // namespace greenroom::tests
