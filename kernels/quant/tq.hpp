// TQ1_0 and TQ2_0: 256 elements of -1, 0 or 1 and one scale.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

// A byte holds five (in qh four) ternary digits, most significant first, as a fraction of 256:
// digit n is the integer part of 3 * frac(byte * 3^n / 256).
struct TQ1_0 {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[48];  // digit n of qs[l], l < 32: element 32n + l; l >= 32: 160 + 16n + l - 32
    std::uint8_t qh[4];   // digit n of qh[l]: element 240 + 4n + l
    Half d;
};
static_assert(sizeof(TQ1_0) == 54 && alignof(TQ1_0) == 1);

struct TQ2_0 {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[64];  // element 128h + 32j + l: bits 2j of qs[32h + l]; stored + 1
    Half d;
};
static_assert(sizeof(TQ2_0) == 66 && alignof(TQ2_0) == 1);

void unpack(const TQ1_0& block, NormalBlock& out);
void unpack(const TQ2_0& block, NormalBlock& out);

}  // namespace greenroom::kernels
