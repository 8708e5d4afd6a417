// IQ4_NL and IQ4_XS: 4 bits that name one of 16 unevenly spaced values.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

// Published constants of the format (ggml, MIT).
inline constexpr std::array<std::int8_t, 16> kIq4Values = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

struct IQ4_NL {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31
};
static_assert(sizeof(IQ4_NL) == 18 && alignof(IQ4_NL) == 1);

struct IQ4_XS {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t scales_h[2];  // little-endian word: high two bits of group g's scale in bits 2g
    std::uint8_t scales_l[4];  // its low four in nibble g % 2 of scales_l[g / 2]; stored + 32
    std::uint8_t qs[128];      // per group 16 bytes as in IQ4_NL
};
static_assert(sizeof(IQ4_XS) == 136 && alignof(IQ4_XS) == 1);

// Sixteen bytes of nibbles.
GREENROOM_SHARED inline void unpack_iq4(const std::uint32_t (&qs)[4], Group& out) {
    constexpr ByteTable kTable = byte_table(kIq4Values);
    for (int i = 0; i < 4; ++i) {
        const auto [low, high] = look_up(kTable, qs[i]);
        out.q[i] = low;
        out.q[i + 4] = high;
    }
}

GREENROOM_SHARED inline void unpack_group(const IQ4_NL& block, int /*g*/, Group& out) {
    std::uint32_t qs[4];
    load_words<alignment_at(sizeof block, offsetof(IQ4_NL, qs))>(block.qs, qs);
    unpack_iq4(qs, out);
    out.set_scale(load_half(block.d));
}

GREENROOM_SHARED inline void unpack_group(const IQ4_XS& block, int g, Group& out) {
    std::uint32_t head[2];  // d and scales_h, scales_l
    std::uint32_t qs[4];
    load_words<alignment_at(sizeof block)>(&block, head);
    load_words<alignment_at(sizeof block, offsetof(IQ4_XS, qs), 16)>(block.qs + 16 * g, qs);
    unpack_iq4(qs, out);
    const std::uint32_t low = head[1] >> (4 * g) & 15, high = head[0] >> (16 + 2 * g) & 3;
    out.set_scale(f16_value(head[0] & 0xffff), static_cast<std::int32_t>(low | high << 4) - 32);
}

void quantize(const float* x, IQ4_NL& block);  // x[32]
void quantize(const float* x, IQ4_XS& block);  // x[256]

}  // namespace greenroom::kernels
