// What all products of panels share: dot products, scales of groups, and asking for memory ahead.
// Written once for every width of register: include a panel_lanes_*.hpp first.
#pragma once

#include <cstdint>

#include "kernels/cpu/panel_types.hpp"
#include "kernels/cpu/tile.hpp"

namespace greenroom::kernels {
namespace {

template <bool wide>
I dot(I sum, I bytes, const std::int32_t* x) {
    if constexpr (wide) return Lanes::dot_wide(sum, bytes, x);
    return Lanes::dot(sum, bytes, x);
}

// Whether bytes stand for themselves less 2^shift in the dot product of this instruction set.
template <int shift, bool wide>
constexpr bool kCorrects = shift > 0 && !(wide && Lanes::signed_wide);

F splat_float(const std::int32_t* word) {
    return Lanes::as_float(Lanes::splat(*word));
}

// Byte g % 4 of word g / 4, as an integer.
template <class T, int g, int n>
I scale_of(const I (&words)[n]) {
    constexpr int byte = g % 4;
    if constexpr (T::signed_scales) {
        return Lanes::shift_signed<24>(Lanes::shift<24 - 8 * byte>(words[g / 4]));
    }
    return Lanes::bit_and(Lanes::shift<-8 * byte>(words[g / 4]), Lanes::splat(0xff));
}

// Bytes 0 and 2 (or 1 and 3) as two 16-bit integers.
template <bool is_signed, bool odd>
I pair_of(I bytes) {
    if constexpr (is_signed) {
        if constexpr (odd) return Lanes::shift_signed_16<8>(bytes);
        return Lanes::shift_signed_16<8>(Lanes::shift_left_16<8>(bytes));
    }
    return Lanes::bit_and(Lanes::shift < odd ? -8 : 0 > (bytes), Lanes::splat(0x00ff00ff));
}

template <class T>
constexpr int kScaleWords = T::group == 16 ? 4 : 2;  // unused where a block has one scale

template <class T>
constexpr int kSumsOfGroups = T::group == 16 ? WordsBy256::by_16 : WordsBy256::by_32;

// Sum over groups of bytes (scales or offsets) times the sums of the group's activations.
template <class T, bool is_signed>
[[gnu::always_inline]] inline I dot_groups(const I (&words)[kScaleWords<T>],
                                           const std::int32_t* x) {
    I sum = Lanes::zero();
    each<kScaleWords<T>>([&](auto w) __attribute__((always_inline)) {
        const std::int32_t* sums = x + kSumsOfGroups<T> + 2 * w;
        sum = Lanes::dot_pairs(sum, pair_of<is_signed, false>(words[w]), sums);
        sum = Lanes::dot_pairs(sum, pair_of<is_signed, true>(words[w]), sums + 1);
    });
    return sum;
}

// How far ahead of the products memory is asked for: the processor's own prefetchers stop at every
// page of 4 KiB. 2 to 2.5 KiB are best for most types; without, one token reads 10 to 25 % less in
// a second.
constexpr int kBytesAhead = 2048;

// Asks for the i-th of n shares of as many bytes as a block has. Inlined by force: GCC 12 takes a
// function that only prefetches for one without effect. The empty statement is what the compiler
// moves nothing across: it would ask for a whole block at once, and all the places in which a core
// keeps track of misses would be taken (two threads read 30.7 -> 35.5 GB/s of Q4_K, 31.0 -> 35.6 of
// Q2_K, 30.7 -> 33.1 of Q6_K, on a Xeon with AMX, 2026-11).
template <class T, int i, int n>
[[gnu::always_inline]] inline void prefetch_share(Block b) {
    if (b.part > 0) return;
    constexpr int kLines = (16 * T::bytes + 63) / 64;
    constexpr int first = i * kLines / n, last = (i + 1) * kLines / n;
    each<last - first>([&](auto line) __attribute__((always_inline)) {
        __builtin_prefetch(b.bytes + kBytesAhead + 64 * (first + line));
        asm volatile("");
    });
}

}  // namespace
}  // namespace greenroom::kernels
