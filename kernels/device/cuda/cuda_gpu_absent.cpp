#include "kernels/device/cuda/cuda_gpu.hpp"

namespace greenroom::kernels {

CudaBuild cuda_build() {
    return {};
}

}  // namespace greenroom::kernels
