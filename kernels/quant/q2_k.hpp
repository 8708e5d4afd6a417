// Q2_K: 256 elements of 2 bits in 16 groups, each with a 4-bit scale and a 4-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q2_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    std::uint8_t scales[16];  // low nibble: scale in units of d, high: minimum in units of dmin
    std::uint8_t qs[64];      // element 128h + 32j + l: bits 2j of qs[32h + l]
    Half d, dmin;
};
static_assert(sizeof(Q2_K) == 84 && alignof(Q2_K) == 1);

GREENROOM_SHARED inline void unpack_group(const Q2_K& block, int g, Group& out) {
    load_words<alignment_at(sizeof block, offsetof(Q2_K, qs), 32)>(block.qs + g / 4 * 32, out.q);
    for (std::uint32_t& word : out.q) word = word >> (g % 4 * 2) & 3 * kOnes;
    const std::uint32_t ds = load_word<alignment_at(sizeof block, offsetof(Q2_K, d))>(&block.d);
    const std::uint32_t scales = load_pair(block.scales + 2 * g);
    out.set_scales(f16_value(ds & 0xffff),
                   static_cast<std::int32_t>(scales & 15),
                   static_cast<std::int32_t>(scales >> 8 & 15));
    out.m = -f16_value(ds >> 16);
    out.offset[0] = static_cast<std::int32_t>(scales >> 4 & 15);
    out.offset[1] = static_cast<std::int32_t>(scales >> 12);
}

void quantize(const float* x, Q2_K& block);  // x[256]

}  // namespace greenroom::kernels
