// IQ3_XXS and IQ3_S: 256 elements as 64 points of a lattice of eight values, and signs.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

// Point k holds elements 4k to 4k + 3.
struct IQ3_XXS {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[64];             // indices
    std::uint8_t signs_scale[8][4];  // per group a little-endian word: four times seven signs
                                     // (signs.hpp), then a scale s that stands for (s + 1/2) d / 2
};
static_assert(sizeof(IQ3_XXS) == 98 && alignof(IQ3_XXS) == 1);

struct IQ3_S {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[64];     // low eight bits of the index of point k
    std::uint8_t qh[8];      // its ninth bit in bit k % 8 of qh[k / 8]
    std::uint8_t signs[32];  // element i: bit i % 8 of signs[i / 8]
    std::uint8_t scales[4];  // group g: nibble g % 2 of scales[g / 2], which stands for (2s + 1) d
};
static_assert(sizeof(IQ3_S) == 110 && alignof(IQ3_S) == 1);

void unpack(const IQ3_XXS& block, NormalBlock& out);
void unpack(const IQ3_S& block, NormalBlock& out);

}  // namespace greenroom::kernels
