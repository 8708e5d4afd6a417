// Products with bits where they lie in their bytes: what would be a shift of every word is one of
// their sum. For lanes whose dot products take any byte; include a panel_lanes_*.hpp first.
#pragma once

#include "kernels/cpu/panel_scales.hpp"

namespace greenroom::kernels {
namespace {

template <class T>
constexpr bool kHasBits = requires {
    T::template bits<0>;
};

// Whether the type is multiplied so.
template <class T>
constexpr bool kInPlace = kHasBits<T> && !Lanes::signed_wide;

template <class T>
constexpr int kFields = static_cast<int>(T::template bits<0>.size());  // that hold a value's bits

// Of n_pieces pieces from first_piece on, and of each field: sums over quads [first, first + n),
// times 2^bits.at. A word that several pieces share is loaded once.
template <class T, int first_piece, int n_pieces, int first, int n>
void dot_in_place(Block b, const std::int32_t* x, I (&sums)[n_pieces][kFields<T>]) {
    each<n_pieces>([&](auto p) { each<kFields<T>>([&](auto f) { sums[p][f] = Lanes::zero(); }); });
    each<n>([&](auto w) __attribute__((always_inline)) {
        prefetch_share<T, first_piece / n_pieces * 8 + first + w, 64 / n_pieces>(b);
        each<n_pieces>([&](auto p) __attribute__((always_inline)) {
            constexpr int piece = first_piece + p;
            each<kFields<T>>([&](auto f) __attribute__((always_inline)) {
                constexpr Bits bits = T::template bits<piece>[f];
                const I word = b.word(bits.offset, bits.first_word + first + w);
                const I bytes = Lanes::bit_and(word, Lanes::splat_bytes(bits.mask()));
                sums[p][f] = Lanes::dot(sums[p][f], bytes, x + piece * 8 + first + w);
            });
        });
    });
}

// Groups of 32: the sum of two of them, each times its scale. Two, as these share their words: so
// memory is read in order.
template <class T, int pair>
I scaled_by_32(Block b, const I (&scales)[2], const std::int32_t* x) {
    I sums[2][kFields<T>], products = Lanes::zero();
    dot_in_place<T, 2 * pair, 2, 0, 8>(b, x, sums);
    each<2>([&](auto p) __attribute__((always_inline)) {
        I sum = Lanes::zero();
        each<kFields<T>>([&](auto f) __attribute__((always_inline)) {
            constexpr Bits bits = T::template bits<2 * pair + p>[f];
            constexpr int left = bits.weight - bits.at;
            if constexpr (left < 0) {
                sum = Lanes::add(sum, Lanes::shift_signed<-left>(sums[p][f]));
            } else {
                sum = Lanes::add(sum, Lanes::shift<left>(sums[p][f]));
            }
        });
        products = Lanes::add(products, Lanes::mul(scale_of<T, 2 * pair + p>(scales), sum));
    });
    return products;
}

// Groups of 16: the sums of two of them, even or odd ones, fit 16 bits each and are multiplied with
// two scales at once. Adds to products, one for each field, in units of 2^bits.weight.
template <class T, int half, bool odd>
void add_by_16(Block b, const I (&scales)[4], const std::int32_t* x, I (&products)[kFields<T>]) {
    I sums[4][kFields<T>];
    dot_in_place<T, 4 * half, 4, odd ? 4 : 0, 4>(b, x, sums);
    each<2>([&](auto k) __attribute__((always_inline)) {
        const I two_scales = pair_of<T::signed_scales, odd>(scales[2 * half + k]);
        each<kFields<T>>([&](auto f) __attribute__((always_inline)) {
            constexpr Bits low = T::template bits<half * 4 + 2 * k>[f];
            constexpr Bits high = T::template bits<half * 4 + 2 * k + 1>[f];
            static_assert(16 * 127 * ((1 << low.width) - 1) < 1 << 15);
            const I pair = Lanes::bit_or(
                Lanes::bit_and(Lanes::shift<-low.at>(sums[2 * k][f]), Lanes::splat(0xffff)),
                Lanes::shift<16 - high.at>(sums[2 * k + 1][f]));
            products[f] = Lanes::dot_pairs(products[f], pair, two_scales);
        });
    });
}

}  // namespace
}  // namespace greenroom::kernels
