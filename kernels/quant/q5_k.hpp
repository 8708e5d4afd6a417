// Q5_K: 256 elements of 5 bits in 8 groups, each with a 6-bit scale and a 6-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/quant/k_scales.hpp"

namespace greenroom::kernels {

struct Q5_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    Half d, dmin;
    KScales scales;
    std::uint8_t qh[32];   // element 32g + l: fifth bit in bit g of qh[l]
    std::uint8_t qs[128];  // ... its low four in nibble g % 2 of qs[32 (g / 2) + l]
};
static_assert(sizeof(Q5_K) == 176 && alignof(Q5_K) == 1);

GREENROOM_SHARED inline void unpack_group(const Q5_K& block, int g, Group& out) {
    std::uint32_t head[4];  // d and dmin, scales
    std::uint32_t high[Group::kWords];
    load_words<alignment_at(sizeof block)>(&block, head);
    load_words<alignment_at(sizeof block, offsetof(Q5_K, qh))>(block.qh, high);
    load_words<alignment_at(sizeof block, offsetof(Q5_K, qs), 32)>(block.qs + g / 2 * 32, out.q);
    for (int i = 0; i < Group::kWords; ++i) {
        out.q[i] = nibbles(out.q[i], g % 2 * 4) | (high[i] >> g & kOnes) << 4;
    }
    const auto [scale, minimum] = k_scale({head[1], head[2], head[3]}, g);
    out.set_scale(f16_value(head[0] & 0xffff), scale);
    out.set_offset(-f16_value(head[0] >> 16), minimum);
}

void quantize(const float* x, Q5_K& block);  // x[256]

}  // namespace greenroom::kernels
