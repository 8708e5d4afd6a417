// MXFP4 and NVFP4: 4-bit floats (E2M1) under a scale that is a small float itself.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/quant/group.hpp"

namespace greenroom::kernels {

// The E2M1 values, doubled to make them integers; the scales are halved in return.
inline constexpr std::array<std::int8_t, 16> kFp4Values = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

struct MXFP4 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    std::uint8_t e;       // E8M0: the scale is 2^(e - 127)
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31
};
static_assert(sizeof(MXFP4) == 17 && alignof(MXFP4) == 1);

struct NVFP4 {
    static constexpr int kElements = 64;
    static constexpr int kParts = 4;  // normal blocks: the scales have no common unit
    static constexpr bool kHasOffset = false;
    std::uint8_t d[4];    // E4M3 without sign, one per group; 0x7f counts as 0
    std::uint8_t qs[32];  // per group 8 bytes: low nibbles elements 0-7, high nibbles 8-15
};
static_assert(sizeof(NVFP4) == 36 && alignof(NVFP4) == 1);

// 2^(e - 128), subnormal for e < 2.
GREENROOM_SHARED inline float half_of_e8m0(std::uint8_t e) {
    return std::bit_cast<float>(e < 2 ? 0x00200000U << e : (e - 1U) << 23);
}

GREENROOM_SHARED inline float half_of_e4m3(std::uint32_t d) {
    const std::uint32_t exponent = d >> 3 & 15, mantissa = d & 7;
    if (d == 0x7f) return 0;
    if (exponent == 0) return static_cast<float>(mantissa) * 0x1p-10F;
    return std::bit_cast<float>((exponent + 119) << 23 | mantissa << 20);
}

GREENROOM_SHARED inline void unpack_group(const MXFP4& block, int /*g*/, Group& out) {
    constexpr ByteTable kTable = byte_table(kFp4Values);
    std::uint32_t qs[4];
    load_words<alignment_at(sizeof block)>(block.qs, qs);
    for (int i = 0; i < 4; ++i) {
        const auto [low, high] = look_up(kTable, qs[i]);
        out.q[i] = low;
        out.q[i + 4] = high;
    }
    out.set_scale(half_of_e8m0(block.e));
}

GREENROOM_SHARED inline void unpack_group(const NVFP4& block, int g, Group& out) {
    constexpr ByteTable kTable = byte_table(kFp4Values);
    std::uint32_t qs[4];
    load_words<alignment_at(sizeof block, offsetof(NVFP4, qs), 16)>(block.qs + 16 * g, qs);
    for (int i = 0; i < 4; ++i) {
        const auto [low, high] = look_up(kTable, qs[i]);
        const int at = i / 2 * 4 + i % 2;
        out.q[at] = low;
        out.q[at + 2] = high;
    }
    const std::uint32_t ds = load_pair(block.d + 2 * g);
    out.set_scale(0);
    out.d[0] = half_of_e4m3(ds & 0xff);
    out.d[1] = half_of_e4m3(ds >> 8);
}

void quantize(const float* x, MXFP4& block);  // x[32]

}  // namespace greenroom::kernels
