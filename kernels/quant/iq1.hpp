// IQ1_S and IQ1_M: 256 elements as 32 points of a lattice of -1, 0 and 1, moved up or down by 1/8.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/quant/lattice_bytes.hpp"

namespace greenroom::kernels {

// Point k holds elements 8k to 8k + 7 and has an index of 11 bits. As integers the elements are
// 8 * coordinate + or - 1, and an eighth of the scale makes up for it.
struct IQ1_S {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[32];    // low eight bits of the index of point k
    std::uint8_t qh[8][2];  // per group a little-endian word: three high bits per point, from bit 0
                            // on; bits 12-14 the scale, (2s + 1) d; bit 15: moved down
};
static_assert(sizeof(IQ1_S) == 50 && alignof(IQ1_S) == 1);

struct IQ1_M {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[32];  // as IQ1_S
    std::uint8_t qh[16];  // point k in nibble k % 2 of qh[k / 2]: three high bits; bit 3: down
    std::uint8_t scales[4][2];  // four words: scales of three bits each, (2s + 1) d, of four
                                // groups; their top nibbles are the nibbles of d, lowest first
};
static_assert(sizeof(IQ1_M) == 56 && alignof(IQ1_M) == 1);

// Point p of a group.
GREENROOM_SHARED inline void put_iq1(std::uint32_t index, bool is_down, int p, Group& out) {
    const std::uint64_t bytes = kIq1Bytes[index];
    const std::uint32_t excess = is_down ? kIq1More + 1 : kIq1More - 1;
    out.q[2 * p] = less(static_cast<std::uint32_t>(bytes), excess);
    out.q[2 * p + 1] = less(static_cast<std::uint32_t>(bytes >> 32), excess);
}

GREENROOM_SHARED inline void unpack_group(const IQ1_S& block, int g, Group& out) {
    const auto low =
        load_word<alignment_at(sizeof block, offsetof(IQ1_S, qs), 4)>(block.qs + 4 * g);
    const std::uint32_t word = load_pair(block.qh[g]);
    for (int p = 0; p < 4; ++p) {
        const std::uint32_t index = (low >> (8 * p) & 0xff) | (word >> (3 * p) & 7) << 8;
        put_iq1(index, (word & 0x8000) != 0, p, out);
    }
    out.set_scale(load_half(block.d) * 0.125F, static_cast<std::int32_t>(2 * (word >> 12 & 7) + 1));
}

GREENROOM_SHARED inline void unpack_group(const IQ1_M& block, int g, Group& out) {
    const auto low = load_word<alignment_at(sizeof block, 4)>(block.qs + 4 * g);
    const std::uint32_t high = load_pair(block.qh + 2 * g);
    for (int p = 0; p < 4; ++p) {
        const std::uint32_t nibble = high >> (4 * p) & 15;
        put_iq1((low >> (8 * p) & 0xff) | (nibble & 7) << 8, (nibble & 8) != 0, p, out);
    }
    std::uint32_t words[2];  // the four scale words
    load_words<alignment_at(sizeof block, offsetof(IQ1_M, scales))>(block.scales, words);
    const std::uint32_t d = (words[0] >> 12 & 0xf) | (words[0] >> 24 & 0xf0) |
                            (words[1] >> 4 & 0xf00) | (words[1] >> 16 & 0xf000);
    const std::uint32_t scales = (g < 4 ? words[0] : words[1]) >> (g / 2 % 2 * 16 + g % 2 * 6);
    out.set_scales(f16_value(d) * 0.125F,
                   static_cast<std::int32_t>(2 * (scales & 7) + 1),
                   static_cast<std::int32_t>(2 * (scales >> 3 & 7) + 1));
}

}  // namespace greenroom::kernels
