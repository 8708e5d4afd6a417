#pragma once

#include <cstdint>

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// out = silu(gate) * up, with silu(x) = x / (1 + e^-x).
struct SiluMul {
    const float* gate;  // (n)
    const float* up;    // (n)
    float* out;         // (n), may be either
    std::int64_t n;
};
void run_on_cpu(const SiluMul& op, ThreadPool& pool);

}  // namespace greenroom::kernels
