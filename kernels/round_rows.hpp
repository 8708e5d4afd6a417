// Activations rounded to 8 bits for products on a device.
#pragma once

#include <cstdint>

#include "kernels/block_type.hpp"

namespace greenroom::kernels {

// x[c] ~ scales[c / block] * q[c], q in -127..127, as Activations::Rounded defines it: a block with
// a NaN or an infinity has a NaN scale; one below 1e-36 counts as zeros.
struct RoundRows {
    const float* x;  // (n_rows, cols)
    std::int8_t* q;  // (n_rows, cols)
    float* scales;   // (n_rows, cols / block)
    int n_rows, cols;
    int block;  // 32 or 256; cols is a multiple
};

// What products with weights of a type read: columns that share a scale; 0 where they read floats.
int rounding_of(BlockType weights);

}  // namespace greenroom::kernels
