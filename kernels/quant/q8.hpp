// Q8_0: 32 elements of 8 bits and one scale.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

struct Q8_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::int8_t qs[32];
};
static_assert(sizeof(Q8_0) == 34 && alignof(Q8_0) == 1);

void unpack(const Q8_0& block, NormalBlock& out);
void quantize(const float* x, Q8_0& block);  // x[32]

}  // namespace greenroom::kernels
