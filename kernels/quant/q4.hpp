// Q4_0 and Q4_1: 32 elements of 4 bits and one scale, without and with a minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q4_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[16];  // low nibbles: elements 0-15, high nibbles: 16-31; stored + 8
};
static_assert(sizeof(Q4_0) == 18 && alignof(Q4_0) == 1);

struct Q4_1 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = true;
    Half d, m;
    std::uint8_t qs[16];  // as Q4_0, stored + 0
};
static_assert(sizeof(Q4_1) == 20 && alignof(Q4_1) == 1);

void unpack(const Q4_0& block, NormalBlock& out);
void unpack(const Q4_1& block, NormalBlock& out);
void quantize(const float* x, Q4_0& block);  // x[32]
void quantize(const float* x, Q4_1& block);  // x[32]

}  // namespace greenroom::kernels
