// IQ4_NL and IQ4_XS: 4 bits that name one of 16 unevenly spaced values.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

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

void unpack(const IQ4_NL& block, NormalBlock& out);
void unpack(const IQ4_XS& block, NormalBlock& out);
void quantize(const float* x, IQ4_NL& block);  // x[32]
void quantize(const float* x, IQ4_XS& block);  // x[256]

}  // namespace greenroom::kernels
