// Q5_K: 256 elements of 5 bits in 8 groups, each with a 6-bit scale and a 6-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/k_scales.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q5_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    Half d, dmin;
    KScales scales;
    std::uint8_t qh[32];   // element 32g + l: fifth bit in bit g of qh[l]
    std::uint8_t qs[128];  // ... its low four in nibble g % 2 of qs[32 (g / 2) + l]
};
static_assert(sizeof(Q5_K) == 176 && alignof(Q5_K) == 1);

void unpack(const Q5_K& block, NormalBlock& out);
void quantize(const float* x, Q5_K& block);  // x[256]

}  // namespace greenroom::kernels
