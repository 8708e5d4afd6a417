// Q6_K: 256 elements of 6 bits in 16 groups, each with a signed 8-bit scale.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q6_K {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t ql[128];  // element 128h + 32j + l: low four bits in nibble j / 2 of
                           // ql[64h + 32 (j % 2) + l]
    std::uint8_t qh[64];   // ... its high two in bits 2j of qh[32h + l]; stored + 32
    std::int8_t scales[16];
    Half d;
};
static_assert(sizeof(Q6_K) == 210 && alignof(Q6_K) == 1);

void unpack(const Q6_K& block, NormalBlock& out);
void quantize(const float* x, Q6_K& block);  // x[256]

}  // namespace greenroom::kernels
