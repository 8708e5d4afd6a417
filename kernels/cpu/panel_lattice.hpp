// How the IQ1, IQ2 and IQ3 types fall apart when 16 rows lie side by side. For 256-bit registers:
// points come from tables one by one, which wider registers do not speed up. Include
// panel_lanes_avx2.hpp first. Knows no activations.
#pragma once

#include "kernels/cpu/lattice_points.hpp"
#include "kernels/cpu/panel_types.hpp"

namespace greenroom::kernels {
namespace {

static_assert(Lanes::n == 8);

// Indices of the points of 8 rows, as they lie in a panel: byte p of word r.
struct ByteIndices {
    const std::byte* bytes;
    std::size_t of(int row) const { return std::to_integer<std::size_t>(bytes[4 * row]); }
};

[[gnu::always_inline]] inline ByteIndices byte_indices(Block b, int offset, int word, int point) {
    return {b.bytes + 16 * offset + 64 * word + 32 * b.part + point};
}

// Indices of more than 8 bits: of four points to a word of 8 rows, points 0 and 2, then 1 and 3.
struct alignas(32) WideIndices {
    struct OfPoint {
        const std::uint16_t* indices;
        std::size_t of(int row) const { return indices[2 * row]; }
    };
    std::uint16_t indices[2][16];

    OfPoint operator[](int point) const { return {indices[point % 2] + point / 2}; }
};

// The lower 8 bits of each index are bytes of `low`, those above are in `even` and `odd`.
[[gnu::always_inline]] inline WideIndices wide_indices(I low, I even, I odd) {
    const I low_bytes = Lanes::splat(0x00ff00ff);
    WideIndices out;
    Lanes::store(out.indices[0], Lanes::bit_or(Lanes::bit_and(low, low_bytes), even));
    Lanes::store(out.indices[1],
                 Lanes::bit_or(Lanes::bit_and(Lanes::shift<-8>(low), low_bytes), odd));
    return out;
}

// Bits [from, from + n) and [from + 2 * step, ...) of `bits` above the low bytes of two indices.
template <int from, int n, int step>
[[gnu::always_inline]] inline I above_bytes(I bits) {
    constexpr int mask = (1 << n) - 1;
    return Lanes::bit_or(
        Lanes::bit_and(Lanes::shift<8 - from>(bits), Lanes::splat(mask << 8)),
        Lanes::bit_and(Lanes::shift<24 - from - 2 * step>(bits), Lanes::splat(mask << 24)));
}

// The bytes of one point of eight columns: its first four in q[0].
template <class Indices>
[[gnu::always_inline]] inline void load_point(const std::uint64_t* points,
                                              const Indices& index,
                                              I* q) {
    Lanes::eight_of(
        points, [&](int row) { return index.of(row); }, q);
}

// Signs: bit i of byte p of a lane says whether column 8p + i is negative.
template <int p>
[[gnu::always_inline]] inline void apply_signs(I signs, I* q) {
    const I eight = Lanes::repeat_byte<p>(signs);
    q[0] = Lanes::negate_64<0x08040201>(q[0], eight);
    q[1] = Lanes::negate_64<static_cast<int>(0x80402010)>(q[1], eight);
}

// Seven signs in each byte; the eighth makes their number even.
[[gnu::always_inline]] inline I with_eighth_sign(I seven) {
    // Sums of neighbours spill into bits 0 and 1 of the next byte; bit 7 never depends on them.
    I sum = Lanes::bit_xor(seven, Lanes::shift<1>(seven));
    sum = Lanes::bit_xor(sum, Lanes::shift<2>(sum));
    sum = Lanes::bit_xor(sum, Lanes::shift<4>(sum));
    return Lanes::bit_or(seven, Lanes::bit_and(sum, Lanes::splat_bytes(0x80)));
}

// Four times seven signs below the scale of IQ2_XXS and IQ3_XXS.
[[gnu::always_inline]] inline I signs_below_scale(I word) {
    const I first = Lanes::bit_and(word, Lanes::splat(0x7f));
    const I second = Lanes::bit_and(Lanes::shift<1>(word), Lanes::splat(0x7f << 8));
    const I third = Lanes::bit_and(Lanes::shift<2>(word), Lanes::splat(0x7f << 16));
    const I fourth = Lanes::bit_and(Lanes::shift<3>(word), Lanes::splat(0x7f << 24));
    return with_eighth_sign(
        Lanes::bit_or(Lanes::bit_or(first, second), Lanes::bit_or(third, fourth)));
}

// Scales come as bytes, four groups to a word: 2s + 1 for a stored s.
[[gnu::always_inline]] inline I twice_plus_1(I twice) {
    return Lanes::bit_or(twice, Lanes::splat_bytes(1));
}

// s is in the upper four bits of the words of eight groups of 32.
[[gnu::always_inline]] inline void scales_above_signs(Block b, int offset, int step, I (&s)[2]) {
    s[0] = s[1] = Lanes::zero();
    each<8>([&](auto g) __attribute__((always_inline)) {
        constexpr int to = g % 4 * 8;
        const I twice = Lanes::shift<to - 27>(b.word(offset, g * step));
        s[g / 4] = Lanes::bit_or(s[g / 4], Lanes::bit_and(twice, Lanes::splat(30 << to)));
    });
    for (I& word : s) word = twice_plus_1(word);
}

// s is a nibble, eight of them in a word.
[[gnu::always_inline]] inline void nibble_scales(I word, I* s) {
    each<2>([&](auto half) __attribute__((always_inline)) {
        I x = Lanes::bit_and(Lanes::shift<-16 * half>(word), Lanes::splat(0xffff));
        x = Lanes::bit_and(Lanes::bit_or(x, Lanes::shift<8>(x)), Lanes::splat(0x00ff00ff));
        x = Lanes::bit_and(Lanes::bit_or(x, Lanes::shift<4>(x)), Lanes::splat(0x0f0f0f0f));
        s[half] = twice_plus_1(Lanes::shift<1>(x));
    });
}

// Types of 256 columns, in eight pieces of 32: bytes of columns 4i to 4i + 3 in q[i], plus 64.
// `group`: columns that share a scale.

struct Iq2Xxs {
    static constexpr BlockType type = BlockType::iq2_xxs;
    static constexpr int bytes = 66, group = 32;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I signs = signs_below_scale(b.word(2, 2 * piece + 1));
        each<4>([&](auto p) __attribute__((always_inline)) {
            load_point(kIq2XxsPoints.data(), byte_indices(b, 2, 2 * piece, p), q + 2 * p);
            apply_signs<p>(signs, q + 2 * p);
        });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[2]) {
        scales_above_signs(b, 6, 2, s);
    }
    static F d(Block b) { return Lanes::mul(b.half(0), Lanes::splat(0.125F)); }
};

struct Iq2Xs {
    static constexpr BlockType type = BlockType::iq2_xs;
    static constexpr int bytes = 74, group = 16;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I first = b.word(2, 2 * piece), second = b.word(2, 2 * piece + 1);
        const I signs = with_eighth_sign(Lanes::bit_or(
            Lanes::bit_or(Lanes::bit_and(Lanes::shift<-9>(first), Lanes::splat(0x7f)),
                          Lanes::bit_and(Lanes::shift<-17>(first), Lanes::splat(0x7f << 8))),
            Lanes::bit_or(Lanes::bit_and(Lanes::shift<7>(second), Lanes::splat(0x7f << 16)),
                          Lanes::bit_and(Lanes::shift<-1>(second), Lanes::splat(0x7f << 24)))));
        alignas(32) std::uint16_t indices[2][16];
        Lanes::store(indices[0], Lanes::bit_and(first, Lanes::splat(0x01ff01ff)));
        Lanes::store(indices[1], Lanes::bit_and(second, Lanes::splat(0x01ff01ff)));
        each<4>([&](auto p) __attribute__((always_inline)) {
            const WideIndices::OfPoint index{indices[p / 2] + p % 2};
            load_point(kIq2XsPoints.data(), index, q + 2 * p);
            apply_signs<p>(signs, q + 2 * p);
        });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[4]) {
        nibble_scales(b.word(66, 0), s);
        nibble_scales(b.word(66, 1), s + 2);
    }
    static F d(Block b) { return Lanes::mul(b.half(0), Lanes::splat(0.125F)); }
};

struct Iq2S {
    static constexpr BlockType type = BlockType::iq2_s;
    static constexpr int bytes = 82, group = 16;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I high = Lanes::shift_right(b.word(66, piece / 4), piece % 4 * 8);
        const WideIndices indices =
            wide_indices(b.word(2, piece), above_bytes<0, 2, 2>(high), above_bytes<2, 2, 2>(high));
        const I signs = b.word(34, piece);
        each<4>([&](auto p) __attribute__((always_inline)) {
            load_point(kIq2SPoints.data(), indices[p], q + 2 * p);
            apply_signs<p>(signs, q + 2 * p);
        });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[4]) {
        nibble_scales(b.word(74, 0), s);
        nibble_scales(b.word(74, 1), s + 2);
    }
    static F d(Block b) { return Lanes::mul(b.half(0), Lanes::splat(0.125F)); }
};

struct Iq3Xxs {
    static constexpr BlockType type = BlockType::iq3_xxs;
    static constexpr int bytes = 98, group = 32;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        each<8>([&](auto w) __attribute__((always_inline)) {
            const ByteIndices index = byte_indices(b, 2, 2 * piece + w / 4, w % 4);
            q[w] = Lanes::four_of(kIq3XxsPoints.data(), [&](int row) { return index.of(row); });
        });
        const I signs = signs_below_scale(b.word(66, piece));
        each<4>([&](auto p) __attribute__((always_inline)) { apply_signs<p>(signs, q + 2 * p); });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[2]) {
        scales_above_signs(b, 66, 1, s);
    }
    static F d(Block b) { return Lanes::mul(b.half(0), Lanes::splat(0.25F)); }
};

struct Iq3S {
    static constexpr BlockType type = BlockType::iq3_s;
    static constexpr int bytes = 110, group = 32;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I high = Lanes::shift_right(b.word(66, piece / 4), piece % 4 * 8);
        each<2>([&](auto half) __attribute__((always_inline)) {
            const WideIndices indices = wide_indices(b.word(2, 2 * piece + half),
                                                     above_bytes<4 * half, 1, 1>(high),
                                                     above_bytes<4 * half + 1, 1, 1>(high));
            each<4>([&](auto w) __attribute__((always_inline)) {
                const auto index = indices[w];
                q[4 * half + w] =
                    Lanes::four_of(kIq3SPoints.data(), [&](int row) { return index.of(row); });
            });
        });
        const I signs = b.word(74, piece);
        each<4>([&](auto p) __attribute__((always_inline)) { apply_signs<p>(signs, q + 2 * p); });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[2]) {
        nibble_scales(b.word(106, 0), s);
    }
    static F d(Block b) { return b.half(0); }
};

// Word `index` of 16 bits of the field that begins at byte `offset`.
[[gnu::always_inline]] inline I word_16(Block b, int offset, int index) {
    return Lanes::widen_16(b.bytes + 16 * offset + 32 * index + 16 * b.part);
}

// Moves the bytes of point p down by 1 where bit `bit` is set, else up.
template <int bit>
[[gnu::always_inline]] inline void move_by_1(I bits, I* q) {
    const I by =
        Lanes::bit_or(Lanes::shift_signed<31>(Lanes::shift<31 - bit>(bits)), Lanes::splat_bytes(1));
    q[0] = Lanes::add_8(q[0], by);
    q[1] = Lanes::add_8(q[1], by);
}

struct Iq1S {
    static constexpr BlockType type = BlockType::iq1_s;
    static constexpr int bytes = 50, group = 32;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I high = word_16(b, 34, piece);
        const WideIndices indices =
            wide_indices(b.word(2, piece), above_bytes<0, 3, 3>(high), above_bytes<3, 3, 3>(high));
        each<4>([&](auto p) __attribute__((always_inline)) {
            load_point(kIq1Points.data(), indices[p], q + 2 * p);
            move_by_1<15>(high, q + 2 * p);
        });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[2]) {
        s[0] = s[1] = Lanes::zero();
        each<8>([&](auto g) __attribute__((always_inline)) {
            constexpr int to = g % 4 * 8;
            const I twice = Lanes::shift<to - 11>(word_16(b, 34, g));
            s[g / 4] = Lanes::bit_or(s[g / 4], Lanes::bit_and(twice, Lanes::splat(14 << to)));
        });
        for (I& word : s) word = twice_plus_1(word);
    }
    static F d(Block b) { return Lanes::mul(b.half(0), Lanes::splat(0.125F)); }
};

struct Iq1M {
    static constexpr BlockType type = BlockType::iq1_m;
    static constexpr int bytes = 56, group = 16;
    [[gnu::always_inline]] static void unpack(Block b, int piece, I (&q)[8]) {
        const I high = Lanes::shift_right(b.word(32, piece / 2), piece % 2 * 16);
        const WideIndices indices =
            wide_indices(b.word(0, piece), above_bytes<0, 3, 4>(high), above_bytes<4, 3, 4>(high));
        each<4>([&](auto p) __attribute__((always_inline)) {
            load_point(kIq1Points.data(), indices[p], q + 2 * p);
            move_by_1<4 * p + 3>(high, q + 2 * p);
        });
    }
    [[gnu::always_inline]] static void scales(Block b, I (&s)[4]) {
        each<4>([&](auto w) __attribute__((always_inline)) {
            const I four = word_16(b, 48, w);
            I twice = Lanes::zero();
            each<4>([&](auto i) __attribute__((always_inline)) {
                twice = Lanes::bit_or(
                    twice,
                    Lanes::bit_and(Lanes::shift<5 * i + 1>(four), Lanes::splat(14 << (8 * i))));
            });
            s[w] = twice_plus_1(twice);
        });
    }
    // The nibbles of a half are above the scales.
    static F d(Block b) {
        I bits = Lanes::zero();
        each<4>([&](auto w) __attribute__((always_inline)) {
            const I nibble = Lanes::shift<4 * w - 12>(word_16(b, 48, w));
            bits = Lanes::bit_or(bits, Lanes::bit_and(nibble, Lanes::splat(15 << (4 * w))));
        });
        return Lanes::mul(Lanes::half_of(bits), Lanes::splat(0.125F));
    }
};

}  // namespace
}  // namespace greenroom::kernels
