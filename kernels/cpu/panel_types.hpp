// How each block type falls apart into bytes and scales when 16 rows lie side by side. Written once
// for every width of register: include a panel_lanes_*.hpp first. Knows no activations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/block_type.hpp"

namespace greenroom::kernels {
namespace {

using I = Lanes::I;
using F = Lanes::F;
constexpr int kParts = 16 / Lanes::n;  // registers that hold one word of 16 rows

template <int n, class Body>
[[gnu::always_inline]] inline void each(Body&& body) {
    [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
        (body(std::integral_constant<int, i>{}), ...);
    }
    (std::make_integer_sequence<int, n>{});
}

// A block of 16 rows, and which lanes of it.
struct Block {
    const std::byte* bytes;
    int part;

    // Word `index` of the field that begins at byte `offset` of a row's block.
    I word(int offset, int index) const {
        return Lanes::load(bytes + 16 * offset + 64 * index + part * 4 * Lanes::n);
    }
    F half(int offset) const { return Lanes::half(bytes + 16 * offset + part * 2 * Lanes::n); }
};

template <int shift>
I masked(I a, int mask) {
    return Lanes::bit_and(Lanes::shift<shift>(a), Lanes::splat_bytes(mask));
}

// Four words hold 32 nibbles of a row: the low ones are columns 0 to 15, the high ones the rest.
inline void nibbles(Block b, int offset, int first_word, I (&q)[8]) {
    each<4>([&](auto w) __attribute__((always_inline)) {
        const I word = b.word(offset, first_word + w);
        q[w] = masked<0>(word, 0x0f);
        q[w + 4] = masked<-4>(word, 0x0f);
    });
}

// The fifth bit of columns 4w to 4w + 3 is bit w of each byte.
inline void fifth_bits(I high, I (&q)[8]) {
    each<8>([&](auto w) __attribute__((always_inline)) {
        q[w] = Lanes::bit_or(q[w], masked<4 - w>(high, 0x10));
    });
}

// Types of 32 columns. unpack() gives bytes of columns 4i to 4i + 3 in q[i], unsigned: the value
// plus 2^shift, or the value itself where shift is 0. `wide`: bytes may exceed 127.

struct Q4_0 {
    static constexpr BlockType type = BlockType::q4_0;
    static constexpr int bytes = 18, columns = 32, shift = 3;
    static constexpr bool wide = false, has_m = false;
    static void unpack(Block b, I (&q)[8]) { nibbles(b, 2, 0, q); }
    static F d(Block b) { return b.half(0); }
};

struct Q4_1 {
    static constexpr BlockType type = BlockType::q4_1;
    static constexpr int bytes = 20, columns = 32, shift = 0;
    static constexpr bool wide = false, has_m = true;
    static void unpack(Block b, I (&q)[8]) { nibbles(b, 4, 0, q); }
    static F d(Block b) { return b.half(0); }
    static F m(Block b) { return b.half(2); }
};

struct Q5_0 {
    static constexpr BlockType type = BlockType::q5_0;
    static constexpr int bytes = 22, columns = 32, shift = 4;
    static constexpr bool wide = false, has_m = false;
    static void unpack(Block b, I (&q)[8]) {
        nibbles(b, 6, 0, q);
        fifth_bits(b.word(2, 0), q);
    }
    static F d(Block b) { return b.half(0); }
};

struct Q5_1 {
    static constexpr BlockType type = BlockType::q5_1;
    static constexpr int bytes = 24, columns = 32, shift = 0;
    static constexpr bool wide = false, has_m = true;
    static void unpack(Block b, I (&q)[8]) {
        nibbles(b, 8, 0, q);
        fifth_bits(b.word(4, 0), q);
    }
    static F d(Block b) { return b.half(0); }
    static F m(Block b) { return b.half(2); }
};

struct Q8_0 {
    static constexpr BlockType type = BlockType::q8_0;
    static constexpr int bytes = 34, columns = 32, shift = 7;
    static constexpr bool wide = true, has_m = false;
    static void unpack(Block b, I (&q)[8]) {
        each<8>([&](auto w) __attribute__((always_inline)) {
            q[w] = Lanes::bit_xor(b.word(2, w), Lanes::splat_bytes(0x80));
        });
    }
    static F d(Block b) { return b.half(0); }
};

// The sixteen values of IQ4_NL and IQ4_XS, plus 128.
constexpr std::uint8_t kIq4Plus128[16] = {
    1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241};

struct Iq4Nl {
    static constexpr BlockType type = BlockType::iq4_nl;
    static constexpr int bytes = 18, columns = 32, shift = 7;
    static constexpr bool wide = true, has_m = false;
    static void unpack(Block b, I (&q)[8]) {
        nibbles(b, 2, 0, q);
        each<8>([&](auto w)
                    __attribute__((always_inline)) { q[w] = Lanes::lookup(kIq4Plus128, q[w]); });
    }
    static F d(Block b) { return b.half(0); }
};

// Bits that eight words of a field hold at the same place in all their bytes. Of the values of
// these columns they are the bits from `weight` on.
struct Bits {
    int offset, first_word;
    int at, width;
    int weight = 0;

    constexpr int mask() const { return ((1 << width) - 1) << at; }
};

template <auto all_bits>
void unpack_bits(Block b, I (&q)[8]) {
    each<8>([&](auto w) __attribute__((always_inline)) {
        each<static_cast<int>(all_bits.size())>([&](auto i) __attribute__((always_inline)) {
            constexpr Bits bits = all_bits[i];
            const I value = masked<bits.weight - bits.at>(b.word(bits.offset, bits.first_word + w),
                                                          bits.mask() >> bits.at << bits.weight);
            q[w] = i == 0 ? value : Lanes::bit_or(q[w], value);
        });
    });
}

// Types of 256 columns, in eight pieces of 32: `bits` says where those of each piece lie. Scales
// come as bytes, four groups to a word; so do offsets, where the type has them. `group`: columns
// that share a scale.

struct Q2K {
    static constexpr BlockType type = BlockType::q2_k;
    static constexpr int bytes = 84, shift = 0, group = 16;
    static constexpr bool wide = false, has_m = true, signed_scales = false, folds = true;
    template <int piece>
    static constexpr std::array bits = {Bits{16, piece / 4 * 8, 2 * (piece % 4), 2}};
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        unpack_bits<bits<piece>>(b, q);
    }
    static void scales(Block b, I (&s)[4]) {
        for (int w = 0; w < 4; ++w) s[w] = masked<0>(b.word(0, w), 0x0f);
    }
    static void offsets(Block b, I (&m)[4]) {
        for (int w = 0; w < 4; ++w) m[w] = masked<-4>(b.word(0, w), 0x0f);
    }
    static F d(Block b) { return b.half(80); }
    static F m(Block b) { return Lanes::negate(b.half(82)); }
};

struct Q3K {
    static constexpr BlockType type = BlockType::q3_k;
    static constexpr int bytes = 110, shift = 2, group = 16;
    static constexpr bool wide = false, has_m = false, signed_scales = true, folds = true;
    template <int piece>
    static constexpr std::array bits = {Bits{32, piece / 4 * 8, 2 * (piece % 4), 2},
                                        Bits{0, 0, piece, 1, 2}};
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        unpack_bits<bits<piece>>(b, q);
    }
    static void scales(Block b, I (&s)[4]) {
        const I even = b.word(96, 0), odd = b.word(96, 1), upper = b.word(96, 2);
        s[0] = Lanes::bit_or(masked<0>(even, 0x0f), masked<4>(upper, 0x30));
        s[1] = Lanes::bit_or(masked<0>(odd, 0x0f), masked<2>(upper, 0x30));
        s[2] = Lanes::bit_or(masked<-4>(even, 0x0f), masked<0>(upper, 0x30));
        s[3] = Lanes::bit_or(masked<-4>(odd, 0x0f), masked<-2>(upper, 0x30));
        for (I& word : s) word = Lanes::sub_8(word, Lanes::splat_bytes(32));
    }
    static F d(Block b) { return b.half(108); }
};

// Eight pairs of 6-bit numbers in three words.
inline void six_bit_scales(Block b, I (&s)[2]) {
    const I first = b.word(4, 0), third = b.word(4, 2);
    s[0] = masked<0>(first, 0x3f);
    s[1] = Lanes::bit_or(masked<0>(third, 0x0f), masked<-2>(first, 0x30));
}

inline void six_bit_offsets(Block b, I (&m)[2]) {
    const I second = b.word(4, 1), third = b.word(4, 2);
    m[0] = masked<0>(second, 0x3f);
    m[1] = Lanes::bit_or(masked<-4>(third, 0x0f), masked<-2>(second, 0x30));
}

struct Q4K {
    static constexpr BlockType type = BlockType::q4_k;
    static constexpr int bytes = 144, shift = 0, group = 32;
    static constexpr bool wide = false, has_m = true, signed_scales = false, folds = false;
    template <int piece>
    static constexpr std::array bits = {Bits{16, piece / 2 * 8, 4 * (piece % 2), 4}};
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        unpack_bits<bits<piece>>(b, q);
    }
    static void scales(Block b, I (&s)[2]) { six_bit_scales(b, s); }
    static void offsets(Block b, I (&m)[2]) { six_bit_offsets(b, m); }
    static F d(Block b) { return b.half(0); }
    static F m(Block b) { return Lanes::negate(b.half(2)); }
};

struct Q5K {
    static constexpr BlockType type = BlockType::q5_k;
    static constexpr int bytes = 176, shift = 0, group = 32;
    static constexpr bool wide = false, has_m = true, signed_scales = false, folds = false;
    template <int piece>
    static constexpr std::array bits = {Bits{48, piece / 2 * 8, 4 * (piece % 2), 4},
                                        Bits{16, 0, piece, 1, 4}};
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        unpack_bits<bits<piece>>(b, q);
    }
    static void scales(Block b, I (&s)[2]) { six_bit_scales(b, s); }
    static void offsets(Block b, I (&m)[2]) { six_bit_offsets(b, m); }
    static F d(Block b) { return b.half(0); }
    static F m(Block b) { return Lanes::negate(b.half(2)); }
};

struct Q6K {
    static constexpr BlockType type = BlockType::q6_k;
    static constexpr int bytes = 210, shift = 5, group = 16;
    static constexpr bool wide = false, has_m = false, signed_scales = true, folds = false;
    template <int piece>
    static constexpr std::array bits = {
        Bits{0, piece / 4 * 16 + piece % 2 * 8, piece % 4 / 2 * 4, 4},
        Bits{128, piece / 4 * 8, 2 * (piece % 4), 2, 4}};
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        unpack_bits<bits<piece>>(b, q);
    }
    static void scales(Block b, I (&s)[4]) {
        for (int w = 0; w < 4; ++w) s[w] = b.word(192, w);
    }
    static F d(Block b) { return b.half(208); }
};

struct Iq4Xs {
    static constexpr BlockType type = BlockType::iq4_xs;
    static constexpr int bytes = 136, shift = 7, group = 32;
    static constexpr bool wide = true, has_m = false, signed_scales = true, folds = false;
    template <int piece>
    static void unpack(Block b, I (&q)[8]) {
        nibbles(b, 8, piece * 4, q);
        each<8>([&](auto w)
                    __attribute__((always_inline)) { q[w] = Lanes::lookup(kIq4Plus128, q[w]); });
    }
    // Scale g: nibble g of the word, and bits 2g, 2g + 1 of the 16-bit integer above it; less 32.
    static void scales(Block b, I (&s)[2]) {
        const I low = b.word(4, 0);
        const I high = Lanes::widen_16(b.bytes + 32 + b.part * 2 * Lanes::n);
        s[0] = s[1] = Lanes::zero();
        each<8>([&](auto g) __attribute__((always_inline)) {
            constexpr int to = g % 4 * 8;
            const I four = Lanes::bit_and(Lanes::shift<to - 4 * g>(low), Lanes::splat(15 << to));
            const I two =
                Lanes::bit_and(Lanes::shift<to + 4 - 2 * g>(high), Lanes::splat(48 << to));
            s[g / 4] = Lanes::bit_or(s[g / 4], Lanes::bit_or(four, two));
        });
        for (I& word : s) word = Lanes::sub_8(word, Lanes::splat_bytes(32));
    }
    static F d(Block b) { return b.half(0); }
};

}  // namespace
}  // namespace greenroom::kernels
