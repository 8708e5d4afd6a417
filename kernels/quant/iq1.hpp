// IQ1_S and IQ1_M: 256 elements as 32 points of a lattice of -1, 0 and 1, moved up or down by 1/8.
#pragma once

#include <cstdint>

#include "kernels/quant/half.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

// Point k holds elements 8k to 8k + 7 and has an index of 11 bits. As integers the elements are
// 8 * coordinate + or - 1, and an eighth of the scale makes up for it.
struct IQ1_S {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    Half d;
    std::uint8_t qs[32];    // low eight bits of the index of point k
    std::uint8_t qh[8][2];  // per group a little-endian word: three high bits per point, from bit 0
                            // on; bits 12-14 the scale, (2s + 1) d; bit 15: moved down
};
static_assert(sizeof(IQ1_S) == 50 && alignof(IQ1_S) == 1);

struct IQ1_M {
    static constexpr int kElements = 256;
    static constexpr bool kHasOffset = false;
    std::uint8_t qs[32];  // as IQ1_S
    std::uint8_t qh[16];  // point k in nibble k % 2 of qh[k / 2]: three high bits; bit 3: down
    std::uint8_t scales[4][2];  // four words: scales of three bits each, (2s + 1) d, of four
                                // groups; their top nibbles are the nibbles of d, lowest first
};
static_assert(sizeof(IQ1_M) == 56 && alignof(IQ1_M) == 1);

void unpack(const IQ1_S& block, NormalBlock& out);
void unpack(const IQ1_M& block, NormalBlock& out);

}  // namespace greenroom::kernels
