// Q6_K: 256 elements of 6 bits in 16 groups, each with a signed 8-bit scale.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q6_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t ql[128];  // element 128h + 32j + l: low four bits in nibble j / 2 of
                           // ql[64h + 32 (j % 2) + l]
    std::uint8_t qh[64];   // ... its high two in bits 2j of qh[32h + l]; stored + 32
    std::int8_t scales[16];
    Half d;
};
static_assert(sizeof(Q6_K) == 210 && alignof(Q6_K) == 1);

GREENROOM_SHARED inline void unpack_group(const Q6_K& block, int g, Group& out) {
    const int half = g / 4, quarter = g % 4;
    std::uint32_t high[Group::kWords];
    load_shifted<alignment_at(sizeof block, 32)>(
        block.ql + half * 64 + quarter % 2 * 32, quarter / 2 * 4, out.q);
    load_shifted<alignment_at(sizeof block, offsetof(Q6_K, qh), 32)>(
        block.qh + half * 32, quarter * 2, high);
    for (int i = 0; i < Group::kWords; ++i) {
        out.q[i] = less((out.q[i] & 15 * kOnes) | (high[i] & 3 * kOnes) << 4, 32);
    }
    const std::uint32_t scales = load_pair(block.scales + 2 * g);
    out.set_scales(load_half(block.d),
                   static_cast<std::int8_t>(scales & 0xff),
                   static_cast<std::int8_t>(scales >> 8));
}

void quantize(const float* x, Q6_K& block);  // x[256]

}  // namespace greenroom::kernels
