// MXFP4 and NVFP4: 4-bit floats (E2M1) under a scale that is a small float itself.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/quant/normal_block.hpp"

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

void unpack(const MXFP4& block, NormalBlock& out);
void unpack(const NVFP4& block, int part, NormalBlock& out);
void quantize(const float* x, MXFP4& block);  // x[32]

}  // namespace greenroom::kernels
