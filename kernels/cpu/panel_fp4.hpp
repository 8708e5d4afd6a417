// How MXFP4 and NVFP4 fall apart when 16 rows lie side by side. Include a panel_lanes_*.hpp first.
// Knows no activations.
#pragma once

#include "kernels/cpu/panel_types.hpp"

namespace greenroom::kernels {
namespace {

// Twice the values of E2M1, plus 16.
constexpr std::uint8_t kE2m1Plus16[16] = {
    16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4};

struct Mxfp4 {
    static constexpr BlockType type = BlockType::mxfp4;
    static constexpr int bytes = 17, columns = 32, shift = 4;
    static constexpr bool wide = false, has_m = false;
    static void unpack(Block b, I (&q)[8]) {
        nibbles(b, 1, 0, q);
        each<8>([&](auto w)
                    __attribute__((always_inline)) { q[w] = Lanes::lookup(kE2m1Plus16, q[w]); });
    }
    // 2^(e - 128): the bits of a normal number down to e = 2, then 2^-127 and 2^-128.
    static F d(Block b) {
        const I e = Lanes::widen_8(b.bytes + b.part * Lanes::n);
        const I normal = Lanes::shift<23>(Lanes::sub(e, Lanes::splat(1)));
        const I odd = Lanes::bit_and(e, Lanes::splat(1));
        const I tiny = Lanes::add(Lanes::splat(0x200000), Lanes::shift<21>(odd));
        return Lanes::as_float(Lanes::max(normal, tiny));  // as integers: tiny where e < 2
    }
};

// Half of E4M3 without its sign; 0x7f counts as 0. With the exponent moved into place a value is
// right or, where it is subnormal, too large; one binade higher less 2^-7 it is right where it is
// subnormal, else too large or right.
inline F half_of_e4m3(I byte) {
    const I moved = Lanes::shift<20>(Lanes::bit_and(byte, Lanes::splat(0x7f)));
    const F normal = Lanes::as_float(Lanes::add(moved, Lanes::splat(119 << 23)));
    const F higher = Lanes::as_float(Lanes::add(moved, Lanes::splat(120 << 23)));
    const F value = Lanes::min(normal, Lanes::sub(higher, Lanes::splat(0x1p-7F)));
    const I less_nan = Lanes::sub(Lanes::bit_xor(byte, Lanes::splat(0x7f)), Lanes::splat(1));
    return Lanes::clear_where_negative(value, less_nan);
}

// Sixteen of the 64 columns of NVFP4, which have a scale of their own.
template <int group>
struct Nvfp4Group {
    static constexpr int columns = 16, shift = 4;
    static constexpr bool wide = false, has_m = false;
    static void unpack(Block b, I (&q)[4]) {
        each<2>([&](auto w) __attribute__((always_inline)) {
            const I word = b.word(4, 2 * group + w);
            q[w] = Lanes::lookup(kE2m1Plus16, masked<0>(word, 0x0f));
            q[w + 2] = Lanes::lookup(kE2m1Plus16, masked<-4>(word, 0x0f));
        });
    }
    static F d(Block b) {
        const I byte = Lanes::shift<-8 * group>(b.word(0, 0));
        return half_of_e4m3(Lanes::bit_and(byte, Lanes::splat(0xff)));
    }
};

struct Nvfp4 {
    static constexpr BlockType type = BlockType::nvfp4;
    static constexpr int bytes = 36, columns = 16, shift = 4;
    static constexpr bool wide = false, has_m = false;
    template <int group>
    using Group = Nvfp4Group<group>;
};

}  // namespace
}  // namespace greenroom::kernels
