// Q3_K: 256 elements of 3 bits in 16 groups, each with a signed 6-bit scale.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q3_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t hmask[32];   // element 128h + 32j + l: third bit in bit 4h + j of hmask[l]
    std::uint8_t qs[64];      // ... its low two in bits 2j of qs[32h + l]; stored + 4
    std::uint8_t scales[12];  // group g, stored + 32: low four bits in nibble g / 8 of scales[g %
                              // 8], high two in bits 2 (g / 4) of scales[8 + g % 4]
    Half d;
};
static_assert(sizeof(Q3_K) == 110 && alignof(Q3_K) == 1);

void unpack(const Q3_K& block, NormalBlock& out);
void quantize(const float* x, Q3_K& block);  // x[256]

}  // namespace greenroom::kernels
