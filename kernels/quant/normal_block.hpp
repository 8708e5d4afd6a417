// The integer form that all quantised blocks share. Knows no format and no instruction set.
#pragma once

#include <algorithm>
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

    // For formats whose groups are 32 columns.
    void set_scale_32(int g, std::int32_t value) { std::fill_n(scale + g + g, 2, value); }
    void set_offset_32(int g, std::int32_t value) { std::fill_n(offset + g + g, 2, value); }
    // For formats with one scale in all `columns`, and for those without offsets.
    void set_scale(float d_of_block, int columns) {
        d = d_of_block;
        std::fill_n(scale, columns / kGroup, 1);
    }
    void set_no_offset(int columns) {
        m = 0;
        std::fill_n(offset, columns / kGroup, 0);
    }
};

}  // namespace greenroom::kernels
