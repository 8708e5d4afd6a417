// Q4_0 and Q4_1: 32 elements of 4 bits and one scale, without and with a minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q4_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31; stored + 8
};
static_assert(sizeof(Q4_0) == 18 && alignof(Q4_0) == 1);

struct Q4_1 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = true;
    Half d, m;
    std::uint8_t qs[16];  // as Q4_0, stored + 0
};
static_assert(sizeof(Q4_1) == 20 && alignof(Q4_1) == 1);

// Sixteen bytes of nibbles, each less `zero`.
GREENROOM_SHARED inline void unpack_nibbles(const std::uint32_t (&qs)[4],
                                            std::uint32_t zero,
                                            Group& out) {
    for (int i = 0; i < 4; ++i) {
        out.q[i] = less(nibbles(qs[i], 0), zero);
        out.q[i + 4] = less(nibbles(qs[i], 4), zero);
    }
}

GREENROOM_SHARED inline void unpack_group(const Q4_0& block, int /*g*/, Group& out) {
    std::uint32_t qs[4];
    load_words<alignment_at(sizeof block, offsetof(Q4_0, qs))>(block.qs, qs);
    unpack_nibbles(qs, 8, out);
    out.set_scale(load_half(block.d));
}

GREENROOM_SHARED inline void unpack_group(const Q4_1& block, int /*g*/, Group& out) {
    std::uint32_t words[5];  // d and m, qs
    load_words<alignment_at(sizeof block)>(&block, words);
    unpack_nibbles({words[1], words[2], words[3], words[4]}, 0, out);
    out.set_scale(f16_value(words[0] & 0xffff));
    out.set_offset(f16_value(words[0] >> 16));
}

void quantize(const float* x, Q4_0& block);  // x[32]
void quantize(const float* x, Q4_1& block);  // x[32]

}  // namespace greenroom::kernels
