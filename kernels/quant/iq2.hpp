// IQ2_XXS, IQ2_XS and IQ2_S: 256 elements as 32 points of a lattice of 8, 25 and 43, and signs.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

// Point k holds elements 8k to 8k + 7. A scale of four bits stands for (s + 1/2) d / 4. Where seven
// bits hold the signs of a point, the eighth makes the number of ones even (signs.hpp).
struct IQ2_XXS {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    struct {
        std::uint8_t points[4];       // indices
        std::uint8_t signs_scale[4];  // little-endian word: four times seven signs, then the scale
    } groups[8];
};
static_assert(sizeof(IQ2_XXS) == 66 && alignof(IQ2_XXS) == 1);

struct IQ2_XS {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[32][2];  // little-endian words: an index of nine bits, then seven signs
    std::uint8_t scales[8];  // group g: nibble g % 2 of scales[g / 2]
};
static_assert(sizeof(IQ2_XS) == 74 && alignof(IQ2_XS) == 1);

struct IQ2_S {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[32];     // low eight bits of the index of point k
    std::uint8_t signs[32];  // all eight signs of point k
    std::uint8_t qh[8];      // high two bits of the index in bits 2 (k % 4) of qh[k / 4]
    std::uint8_t scales[8];  // as IQ2_XS
};
static_assert(sizeof(IQ2_S) == 82 && alignof(IQ2_S) == 1);

void unpack(const IQ2_XXS& block, NormalBlock& out);
void unpack(const IQ2_XS& block, NormalBlock& out);
void unpack(const IQ2_S& block, NormalBlock& out);

}  // namespace greenroom::kernels
