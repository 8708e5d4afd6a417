// Which formats have an integer form, and its shape: what all integer products are defined on.
// Knows no layout (kernels/quant does) and no instruction set.
#pragma once

#include <cstddef>

#include "kernels/block_type.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

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
