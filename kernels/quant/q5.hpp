// Q5_0 and Q5_1: 32 elements of 5 bits and one scale, without and with a minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q5_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qh[4];   // bit i of the little-endian word: the fifth bit of element i
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31; stored + 16
};
static_assert(sizeof(Q5_0) == 22 && alignof(Q5_0) == 1);

struct Q5_1 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = true;
    Half d, m;
    std::uint8_t qh[4];
    std::uint8_t qs[16];  // as Q5_0, stored + 0
};
static_assert(sizeof(Q5_1) == 24 && alignof(Q5_1) == 1);

// Fives whose low bits are the nibbles of qs and whose fifth bits are those of qh, each less
// `zero`.
GREENROOM_SHARED inline void unpack_fives(std::uint32_t qh,
                                          const std::uint32_t (&qs)[4],
                                          std::uint32_t zero,
                                          Group& out) {
    for (int i = 0; i < 4; ++i) {
        const std::uint32_t low = bytes_of_bits(qh >> (4 * i)) << 4;
        const std::uint32_t high = bytes_of_bits(qh >> (4 * i + 16)) << 4;
        out.q[i] = less(nibbles(qs[i], 0) | low, zero);
        out.q[i + 4] = less(nibbles(qs[i], 4) | high, zero);
    }
}

GREENROOM_SHARED inline void unpack_group(const Q5_0& block, int /*g*/, Group& out) {
    std::uint32_t words[5];  // qh, qs
    load_words<alignment_at(sizeof block, offsetof(Q5_0, qh))>(block.qh, words);
    unpack_fives(words[0], {words[1], words[2], words[3], words[4]}, 16, out);
    out.set_scale(load_half(block.d));
}

GREENROOM_SHARED inline void unpack_group(const Q5_1& block, int /*g*/, Group& out) {
    std::uint32_t words[6];  // d and m, qh, qs
    load_words<alignment_at(sizeof block)>(&block, words);
    unpack_fives(words[1], {words[2], words[3], words[4], words[5]}, 0, out);
    out.set_scale(f16_value(words[0] & 0xffff));
    out.set_offset(f16_value(words[0] >> 16));
}

void quantize(const float* x, Q5_0& block);  // x[32]
void quantize(const float* x, Q5_1& block);  // x[32]

}  // namespace greenroom::kernels
