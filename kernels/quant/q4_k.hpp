// Q4_K: 256 elements of 4 bits in 8 groups, each with a 6-bit scale and a 6-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/quant/k_scales.hpp"

namespace greenroom::kernels {

struct Q4_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    Half d, dmin;
    KScales scales;
    std::uint8_t qs[128];  // element 32g + l: nibble g % 2 of qs[32 (g / 2) + l]
};
static_assert(sizeof(Q4_K) == 144 && alignof(Q4_K) == 1);

GREENROOM_SHARED inline void unpack_group(const Q4_K& block, int g, Group& out) {
    std::uint32_t head[4];  // d and dmin, scales
    load_words<alignment_at(sizeof block)>(&block, head);
    load_words<alignment_at(sizeof block, offsetof(Q4_K, qs), 32)>(block.qs + g / 2 * 32, out.q);
    for (std::uint32_t& word : out.q) word = nibbles(word, g % 2 * 4);
    const auto [scale, minimum] = k_scale({head[1], head[2], head[3]}, g);
    out.set_scale(f16_value(head[0] & 0xffff), scale);
    out.set_offset(-f16_value(head[0] >> 16), minimum);
}

void quantize(const float* x, Q4_K& block);  // x[256]

}  // namespace greenroom::kernels
