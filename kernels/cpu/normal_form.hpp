// Quantised blocks as small integers: the one form that all integer products are defined on. Knows
// no instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/block_type.hpp"

namespace greenroom::kernels {

// value[c] = d * scale[c / 16] * q[c] + m * offset[c / 16], exactly what the format defines.
struct NormalBlock {
    static constexpr int kMostColumns = 256;
    static constexpr int kGroup = 16;  // columns that share a scale and an offset
    float d, m;
    std::int8_t q[kMostColumns];
    std::int32_t scale[kMostColumns / kGroup];   // |scale * q| < 2^16: sums with 8-bit activations
    std::int32_t offset[kMostColumns / kGroup];  // over a block fit 32 bits
};

struct NormalForm {
    int columns;   // of one NormalBlock, a multiple of 16
    int parts;     // NormalBlocks in one block of the format
    int rounding;  // columns of activations that share a scale: 32 or 256
    bool has_offset;
    void (*unpack)(const std::byte* block, int part, NormalBlock& out);
};

// Null for types without integers (f32, f16, bf16).
const NormalForm* find_normal_form(BlockType type);

}  // namespace greenroom::kernels
