// Q8_0: 32 elements of 8 bits and one scale.
#pragma once

#include <cstdint>

#include "kernels/quant/group.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

struct Q8_0 {
    static constexpr int kElements = 32;
    static constexpr bool kHasOffset = false;
    Half d;
    std::int8_t qs[32];
};
static_assert(sizeof(Q8_0) == 34 && alignof(Q8_0) == 1);

GREENROOM_SHARED inline void unpack_group(const Q8_0& block, int /*g*/, Group& out) {
    load_words<alignment_at(sizeof block, offsetof(Q8_0, qs))>(block.qs, out.q);
    out.set_scale(load_half(block.d));
}

void quantize(const float* x, Q8_0& block);  // x[32]

}  // namespace greenroom::kernels
