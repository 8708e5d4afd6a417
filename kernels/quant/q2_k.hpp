// Q2_K: 256 elements of 2 bits in 16 groups, each with a 4-bit scale and a 4-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q2_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    std::uint8_t scales[16];  // low nibble: scale in units of d, high: minimum in units of dmin
    std::uint8_t qs[64];      // element 128h + 32j + l: bits 2j of qs[32h + l]
    Half d, dmin;
};
static_assert(sizeof(Q2_K) == 84 && alignof(Q2_K) == 1);

void unpack(const Q2_K& block, NormalBlock& out);
void quantize(const float* x, Q2_K& block);  // x[256]

}  // namespace greenroom::kernels
