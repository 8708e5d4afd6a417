#include "kernels/cpu/elementwise.hpp"

#include <cmath>

namespace greenroom::kernels {
namespace {

void exp_each(const float* x, float* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = std::exp(x[i]);
}

void silu_times_each(float* gate, const float* up, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
}

constexpr Elementwise kPlain = {exp_each, silu_times_each};

}  // namespace

const Elementwise& elementwise([[maybe_unused]] CpuPath path) {
#if defined(__x86_64__)
    if (path >= CpuPath::avx512) return kElementwiseAvx512;
    if (path >= CpuPath::avx2) return kElementwiseAvx2;
#endif
    return kPlain;
}

}  // namespace greenroom::kernels
