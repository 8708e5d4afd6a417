// The card that tests and measurements run on, where this machine has one.
#pragma once

#include <string>

#include "kernels/device/gpu_runtime.hpp"

namespace greenroom::tests {

// Why there is none; empty when there is. `runtime` may be null, as cuda_build() leaves it.
std::string why_no_card(kernels::GpuRuntime* runtime);

}  // namespace greenroom::tests
