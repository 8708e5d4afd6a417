// The tests of device bodies on the card of this machine. Exits with 77 where there is none, which
// CTest calls skipped.
#include <cstdio>
#include <gtest/gtest.h>
#include <string>

#include "kernels/device/cuda/cuda_gpu.hpp"
#include "kernels/require.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::tests {
namespace {

// Empty when there is a card.
std::string why_no_card(kernels::GpuRuntime& runtime) {
    int n = 0;
    const int error = runtime.device_count(n);
    if (error != kernels::kGpuOk) return runtime.error_text(error);
    return n > 0 ? "" : "no device";
}

}  // namespace

TestGpu test_gpu(const kernels::emulated::EmulatedGpuSettings&) {
    kernels::CudaBuild build = kernels::cuda_build();
    TestGpu gpu{std::move(build.runtime), build.ops, {}};
    kernels::require(gpu.runtime->select(0) == kernels::kGpuOk &&
                         gpu.runtime->describe(0, gpu.facts) == kernels::kGpuOk,
                     "the card does not open");
    return gpu;
}

}  // namespace greenroom::tests

int main(int argc, char** argv) {
    constexpr int kSkipped = 77;
    testing::InitGoogleTest(&argc, argv);
    const auto runtime = greenroom::kernels::cuda_build().runtime;
    if (const std::string why = greenroom::tests::why_no_card(*runtime); !why.empty()) {
        std::fprintf(stderr, "gpu_tests: skipped: %s\n", why.c_str());
        return kSkipped;
    }
    return RUN_ALL_TESTS();
}
