// Activations rounded to 8 bits, in the layout that products read. Knows no weights.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activations.hpp"

namespace greenroom::kernels {

// x[c] ~ scales[c / block] * q[c], q in -127..127. A block with a NaN or an infinity has a NaN
// scale.
struct Activations::Rounded {
    int block = 0;  // columns that share a scale: 32 or 256
    std::int64_t n_tokens = 0, cols = 0;
    std::int64_t stride = 0;             // bytes between rows of q
    const std::int8_t* q = nullptr;      // (n_tokens, stride), cols used
    const float* scales = nullptr;       // (n_tokens, cols / block)
    const std::int32_t* less = nullptr;  // (n_tokens, cols / 16): minus the sum of 16 q

    const std::int8_t* row(std::int64_t t) const { return q + t * stride; }
    const float* row_scales(std::int64_t t) const { return scales + t * (cols / block); }
    const std::int32_t* row_less(std::int64_t t) const { return less + t * (cols / 16); }
};

}  // namespace greenroom::kernels
