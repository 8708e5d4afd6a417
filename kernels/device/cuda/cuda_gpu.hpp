// The GPU runtime of NVIDIA cards, in builds that have device code for them.
#pragma once

#include <memory>
#include <string_view>

#include "kernels/device/gpu_runtime.hpp"
#include "kernels/device/ops.hpp"

namespace greenroom::kernels {

struct CudaBuild {
    std::unique_ptr<GpuRuntime> runtime;  // null: this build has no device code
    const DeviceOps* ops = nullptr;
    std::string_view architectures;  // that device code was built for: "75;86"
};
// Loads no driver: the first call of the runtime does, and says when there is none.
CudaBuild cuda_build();

}  // namespace greenroom::kernels
