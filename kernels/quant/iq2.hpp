// IQ2_XXS, IQ2_XS and IQ2_S: 256 elements as 32 points of a lattice of 8, 25 and 43, and signs.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/quant/lattice_bytes.hpp"
#include "kernels/quant/signs.hpp"

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

// An eighth of d and odd multiples, as (s + 1/2) d / 4 = (2s + 1) d / 8.
GREENROOM_SHARED inline void set_iq2_scales(const Half& d, std::uint32_t nibbles, Group& out) {
    out.set_scales(load_half(d) * 0.125F,
                   static_cast<std::int32_t>(2 * (nibbles & 15) + 1),
                   static_cast<std::int32_t>(2 * (nibbles >> 4) + 1));
}

GREENROOM_SHARED inline void unpack_group(const IQ2_XXS& block, int g, Group& out) {
    std::uint32_t words[2];  // points, signs and scale
    load_words<alignment_at(sizeof block, offsetof(IQ2_XXS, groups), 8)>(&block.groups[g], words);
    for (int p = 0; p < 4; ++p) {
        put_signed(kIq2XxsBytes[words[0] >> (8 * p) & 0xff],
                   even_signs(words[1] >> (7 * p) & 127),
                   out.q + 2 * p);
    }
    set_iq2_scales(block.d, (words[1] >> 28) * 0x11, out);
}

GREENROOM_SHARED inline void unpack_group(const IQ2_XS& block, int g, Group& out) {
    std::uint32_t words[2];  // two points each
    load_words<alignment_at(sizeof block, offsetof(IQ2_XS, qs), 8)>(block.qs[4 * g], words);
    for (int p = 0; p < 4; ++p) {
        const std::uint32_t point = words[p / 2] >> (p % 2 * 16) & 0xffff;
        put_signed(kIq2XsBytes[point & 511], even_signs(point >> 9), out.q + 2 * p);
    }
    set_iq2_scales(block.d, block.scales[g], out);
}

GREENROOM_SHARED inline void unpack_group(const IQ2_S& block, int g, Group& out) {
    const auto low =
        load_word<alignment_at(sizeof block, offsetof(IQ2_S, qs), 4)>(block.qs + 4 * g);
    const auto signs =
        load_word<alignment_at(sizeof block, offsetof(IQ2_S, signs), 4)>(block.signs + 4 * g);
    const std::uint32_t high = block.qh[g];
    for (int p = 0; p < 4; ++p) {
        const std::uint32_t index = (low >> (8 * p) & 0xff) | (high >> (2 * p) & 3) << 8;
        put_signed(kIq2SBytes[index], signs >> (8 * p), out.q + 2 * p);
    }
    set_iq2_scales(block.d, block.scales[g], out);
}

}  // namespace greenroom::kernels
