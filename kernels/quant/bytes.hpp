// Arithmetic on the four bytes of a word at once. Knows no format.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/quant/on_device.hpp"

namespace greenroom::kernels {

constexpr std::uint32_t kOnes = 0x01010101;

// Each of four bytes below 128, less n.
GREENROOM_SHARED inline std::uint32_t less(std::uint32_t bytes, std::uint32_t n) {
    return ((bytes | 0x80 * kOnes) - n * kOnes) ^ 0x80 * kOnes;
}

// Bits 0 to 3 as four bytes.
GREENROOM_SHARED inline std::uint32_t bytes_of_bits(std::uint32_t bits) {
    return (bits & 15) * 0x00204081 & kOnes;
}

// Bytes of 1 to 127, byte i negated where bit i of `signs` is set.
GREENROOM_SHARED inline std::uint32_t with_signs(std::uint32_t bytes, std::uint32_t signs) {
    const std::uint32_t ones = bytes_of_bits(signs);
    return (bytes ^ ones * 0xff) + ones;
}

// The four low nibbles of a word, or, shifted by 4, the high ones.
GREENROOM_SHARED inline std::uint32_t nibbles(std::uint32_t word, int shift) {
    return word >> shift & 15 * kOnes;
}

// Sixteen signed bytes as four words, to be looked up.
using ByteTable = std::array<std::uint32_t, 4>;

constexpr ByteTable byte_table(const std::array<std::int8_t, 16>& values) {
    ByteTable words = {};
    for (std::size_t i = 0; i < 16; ++i) {
        words[i / 4] |= std::uint32_t{static_cast<std::uint8_t>(values[i])} << (8 * (i % 4));
    }
    return words;
}

// What a table holds for the low and for the high nibbles of a word.
struct LookedUp {
    std::uint32_t low, high;
};

#if defined(__CUDACC__)

__device__ inline LookedUp look_up(const ByteTable& table, std::uint32_t word) {
    const auto four = [&](std::uint32_t indices) {  // of the nibbles in the low half
        const std::uint32_t in_half = indices & 0x7777;
        const std::uint32_t first = __byte_perm(table[0], table[1], in_half);
        const std::uint32_t second = __byte_perm(table[2], table[3], in_half);
        return __byte_perm(first, second, 0x3210 | (indices & 0x8888) >> 1);
    };
    const std::uint32_t front = four(word), back = four(word >> 16);
    return {__byte_perm(front, back, 0x6420), __byte_perm(front, back, 0x7531)};
}

#else

inline LookedUp look_up(const ByteTable& table, std::uint32_t word) {
    LookedUp out = {0, 0};
    const auto value = [&](std::uint32_t i) { return table[i / 4] >> (8 * (i % 4)) & 0xff; };
    for (int shift = 0; shift < 32; shift += 8) {
        out.low |= value(word >> shift & 15) << shift;
        out.high |= value(word >> (shift + 4) & 15) << shift;
    }
    return out;
}

#endif

}  // namespace greenroom::kernels
