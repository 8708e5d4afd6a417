// TQ1_0 and TQ2_0: 256 elements of -1, 0 or 1 and one scale.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

// A byte holds five (in qh four) ternary digits, most significant first, as a fraction of 256:
// digit n is the integer part of 3 * frac(byte * 3^n / 256).
struct TQ1_0 {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[48];  // digit n of qs[l], l < 32: element 32n + l; l >= 32: 160 + 16n + l - 32
    std::uint8_t qh[4];   // digit n of qh[l]: element 240 + 4n + l
    Half d;
};
static_assert(sizeof(TQ1_0) == 54 && alignof(TQ1_0) == 1);

struct TQ2_0 {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[64];  // element 128h + 32j + l: bits 2j of qs[32h + l]; stored + 1
    Half d;
};
static_assert(sizeof(TQ2_0) == 66 && alignof(TQ2_0) == 1);

// Digit n of each of four bytes, less 1.
GREENROOM_SHARED inline std::uint32_t ternary_digits(std::uint32_t bytes, int n) {
    constexpr std::uint32_t kEven = 0x00ff00ff;
    constexpr std::uint64_t kPowers = 0x511b090301;  // of 3, a byte each
    const std::uint32_t power = kPowers >> (8 * n) & 0xff;
    const std::uint32_t even = ((bytes & kEven) * power & kEven) * 3 >> 8 & kEven;
    const std::uint32_t odd = ((bytes >> 8 & kEven) * power & kEven) * 3 >> 8 & kEven;
    return less(even | odd << 8, 1);
}

GREENROOM_SHARED inline void unpack_group(const TQ1_0& block, int g, Group& out) {
    out.set_scale(load_half(block.d));
    if (g < 5) {
        load_words<alignment_at(sizeof block)>(block.qs, out.q);
        for (std::uint32_t& word : out.q) word = ternary_digits(word, g);
        return;
    }
    std::uint32_t rest[5];  // 16 bytes of qs, qh
    load_words<alignment_at(sizeof block, 32)>(block.qs + 32, rest);
    const int n = 2 * (g - 5);
    for (int i = 0; i < 4; ++i) {
        out.q[i] = ternary_digits(rest[i], n);
        out.q[i + 4] = g < 7 ? ternary_digits(rest[i], n + 1) : ternary_digits(rest[4], i);
    }
}

GREENROOM_SHARED inline void unpack_group(const TQ2_0& block, int g, Group& out) {
    load_shifted<alignment_at(sizeof block, 32)>(block.qs + g / 4 * 32, g % 4 * 2, out.q);
    for (std::uint32_t& word : out.q) word = less(word & 3 * kOnes, 1);
    out.set_scale(load_half(block.d));
}

}  // namespace greenroom::kernels
