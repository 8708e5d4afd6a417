// How TQ1_0 and TQ2_0 fall apart when 16 rows lie side by side. Include a panel_lanes_*.hpp first.
// Knows no activations.
#pragma once

#include "kernels/cpu/panel_types.hpp"

namespace greenroom::kernels {
namespace {

// Digit n of each byte, plus 1. The digit is floor(3 / 256 * fraction) of fraction = byte * 3^n
// mod 256; for all 256 of them floor(3 / 4 * (fraction - 1) + 64.5) / 64 is one more.
template <int n>
I digit_plus_1(I bytes) {
    I fraction = bytes;
    each<n>([&](auto) __attribute__((always_inline)) {
        fraction = Lanes::add_8(fraction, Lanes::add_8(fraction, fraction));
    });
    const I less = Lanes::sub_to_zero_8(fraction, Lanes::splat_bytes(1));
    const I half_plus_128 = Lanes::average_8(less, Lanes::splat_bytes(0xff));
    return masked<-6>(Lanes::average_8(less, half_plus_128), 3);
}

// One scale for all 256 columns; values of -1, 0 and 1 are stored plus 1, and come plus 2.
struct Tq1_0 {
    static constexpr BlockType type = BlockType::tq1_0;
    static constexpr int bytes = 54, shift = 1, group = 256;
    static constexpr bool wide = false, has_m = false, folds = false;
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        if constexpr (piece < 5) {
            each<8>([&](auto w) __attribute__((always_inline)) {
                q[w] = digit_plus_1<piece>(b.word(0, w));
            });
        } else {
            constexpr int first = 2 * (piece - 5);  // digit of words 8 to 11
            each<4>([&](auto w) __attribute__((always_inline)) {
                const I word = b.word(0, 8 + w);
                q[w] = digit_plus_1<first>(word);
                if constexpr (piece < 7) {
                    q[w + 4] = digit_plus_1<first + 1>(word);
                } else {
                    q[w + 4] = digit_plus_1<w>(b.word(48, 0));
                }
            });
        }
    }
    static F d(Block b) { return b.half(52); }
};

struct Tq2_0 {
    static constexpr BlockType type = BlockType::tq2_0;
    static constexpr int bytes = 66, shift = 1, group = 256;
    static constexpr bool wide = false, has_m = false, folds = false;
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        each<8>([&](auto w) __attribute__((always_inline)) {
            const I stored = masked<-2 * (piece % 4)>(b.word(0, piece / 4 * 8 + w), 3);
            q[w] = Lanes::add_8(stored, Lanes::splat_bytes(1));
        });
    }
    static F d(Block b) { return b.half(64); }
};

}  // namespace
}  // namespace greenroom::kernels
