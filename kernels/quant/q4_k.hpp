// Q4_K: 256 elements of 4 bits in 8 groups, each with a 6-bit scale and a 6-bit minimum.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/k_scales.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q4_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = true;
    Half d, dmin;
    KScales scales;
    std::uint8_t qs[128];  // element 32g + l: nibble g % 2 of qs[32 (g / 2) + l]
};
static_assert(sizeof(Q4_K) == 144 && alignof(Q4_K) == 1);

void unpack(const Q4_K& block, NormalBlock& out);
void quantize(const float* x, Q4_K& block);  // x[256]

}  // namespace greenroom::kernels
