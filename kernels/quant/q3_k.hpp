// Q3_K: 256 elements of 3 bits in 16 groups, each with a signed 6-bit scale.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q3_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t hmask[32];   // element 128h + 32j + l: third bit in bit 4h + j of hmask[l]
    std::uint8_t qs[64];      // ... its low two in bits 2j of qs[32h + l]; stored + 4
    std::uint8_t scales[12];  // group g, stored + 32: low four bits in nibble g / 8 of scales[g %
                              // 8], high two in bits 2 (g / 4) of scales[8 + g % 4]
    Half d;
};
static_assert(sizeof(Q3_K) == 110 && alignof(Q3_K) == 1);

GREENROOM_SHARED inline void unpack_group(const Q3_K& block, int g, Group& out) {
    std::uint32_t high[Group::kWords];
    load_shifted<alignment_at(sizeof block, offsetof(Q3_K, hmask))>(block.hmask, g, high);
    load_shifted<alignment_at(sizeof block, offsetof(Q3_K, qs), 32)>(
        block.qs + g / 4 * 32, g % 4 * 2, out.q);
    for (int i = 0; i < Group::kWords; ++i) {
        out.q[i] = less((out.q[i] & 3 * kOnes) | (high[i] & kOnes) << 2, 4);
    }
    const std::uint32_t low_scales = load_pair(block.scales + 2 * g % 8) >> (g / 4 * 4) & 0x0f0f;
    const std::uint32_t high_scales = load_pair(block.scales + 8 + 2 * g % 4) >> (g / 2 * 2);
    const std::uint32_t scales = low_scales | (high_scales & 0x0303) << 4;
    out.set_scales(load_half(block.d),
                   static_cast<std::int32_t>(scales & 0xff) - 32,
                   static_cast<std::int32_t>(scales >> 8) - 32);
}

void quantize(const float* x, Q3_K& block);  // x[256]

}  // namespace greenroom::kernels
