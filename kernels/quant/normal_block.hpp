// The integer form that all quantised blocks share. Knows no format and no instruction set.
#pragma once

#include <cstdint>

namespace greenroom::kernels {

// The value of column c, with g = c / 16, is exactly
//     (d * scale[g]) * q[c] + m * offset[g]
// where every product and the sum round to float; m and the offsets of a format without offsets
// are 0 and add nothing.
struct NormalBlock {
    static constexpr int kMostColumns = 256;
    static constexpr int kGroup = 16;  // columns that share a scale and an offset
    float d, m;
    std::int8_t q[kMostColumns];
    std::int32_t scale[kMostColumns / kGroup];   // |scale * q| < 2^16: sums with 8-bit activations
    std::int32_t offset[kMostColumns / kGroup];  // over a block fit 32 bits
};

}  // namespace greenroom::kernels
