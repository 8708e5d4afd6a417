// Q5_0 and Q5_1: 32 elements of 5 bits and one scale, without and with a minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q5_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qh[4];   // bit i of the little-endian word: the fifth bit of element i
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31; stored + 16
};
static_assert(sizeof(Q5_0) == 22 && alignof(Q5_0) == 1);

struct Q5_1 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = true;
    Half d, m;
    std::uint8_t qh[4];
    std::uint8_t qs[16];  // as Q5_0, stored + 0
};
static_assert(sizeof(Q5_1) == 24 && alignof(Q5_1) == 1);

void unpack(const Q5_0& block, NormalBlock& out);
void unpack(const Q5_1& block, NormalBlock& out);
void quantize(const float* x, Q5_0& block);  // x[32]
void quantize(const float* x, Q5_1& block);  // x[32]

}  // namespace greenroom::kernels
