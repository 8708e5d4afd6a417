// IQ3_XXS and IQ3_S: 256 elements as 64 points of a lattice of eight values, and signs.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/quant/lattice_bytes.hpp"
#include "kernels/quant/signs.hpp"

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

GREENROOM_SHARED inline void unpack_group(const IQ3_XXS& block, int g, Group& out) {
    std::uint32_t points[2];  // four each
    load_words<alignment_at(sizeof block, offsetof(IQ3_XXS, qs), 8)>(block.qs + 8 * g, points);
    const auto word = load_word<alignment_at(sizeof block, offsetof(IQ3_XXS, signs_scale), 4)>(
        block.signs_scale[g]);
    for (int k = 0; k < Group::kWords; ++k) {
        const std::uint32_t signs = even_signs(word >> (k / 2 * 7) & 127) >> (k % 2 * 4);
        const std::uint32_t index = points[k / 4] >> (k % 4 * 8) & 0xff;
        out.q[k] = with_signs(kIq3XxsBytes[index], signs);
    }
    // (s + 1/2) d / 2 = (2s + 1) d / 4.
    out.set_scale(load_half(block.d) * 0.25F, static_cast<std::int32_t>(2 * (word >> 28) + 1));
}

GREENROOM_SHARED inline void unpack_group(const IQ3_S& block, int g, Group& out) {
    std::uint32_t points[2];  // low bits, four each
    load_words<alignment_at(sizeof block, offsetof(IQ3_S, qs), 8)>(block.qs + 8 * g, points);
    const auto signs =
        load_word<alignment_at(sizeof block, offsetof(IQ3_S, signs), 4)>(block.signs + 4 * g);
    const std::uint32_t ninths = block.qh[g];
    for (int k = 0; k < Group::kWords; ++k) {
        const std::uint32_t low = points[k / 4] >> (k % 4 * 8) & 0xff;
        out.q[k] = with_signs(kIq3SBytes[low | (ninths >> k & 1) << 8], signs >> (4 * k));
    }
    const int s = block.scales[g / 2] >> (g % 2 * 4) & 15;
    out.set_scale(load_half(block.d), 2 * s + 1);
}

}  // namespace greenroom::kernels
