// Functions that are applied element by element, on each path. Knows no op.
#pragma once

#include <cstdint>

#include "kernels/cpu/path.hpp"

namespace greenroom::kernels {

// y may be x. An element's result does not depend on its place or on n.
struct Elementwise {
    // y[i] = e^x[i], within 2 ulp.
    void (*exp)(const float* x, float* y, std::int64_t n);
    // gate[i] = silu(gate[i]) * up[i], with silu(x) = x / (1 + e^-x).
    void (*silu_times)(float* gate, const float* up, std::int64_t n);
};
const Elementwise& elementwise(CpuPath path);

// The code of one vector path each.
extern const Elementwise kElementwiseAvx2;
extern const Elementwise kElementwiseAvx512;

}  // namespace greenroom::kernels
