// How the IQ2 and IQ3 formats keep the signs of eight elements. Knows no lattice.
#pragma once

#include <bit>
#include <cstdint>

namespace greenroom::kernels {

// The eight signs (bit i set: element i is negative) of which seven are stored: their number of
// ones is even.
constexpr std::uint8_t even_signs(std::uint32_t seven) {
    return static_cast<std::uint8_t>(seven | (std::popcount(seven) & 1u) << 7);
}

constexpr std::int8_t with_sign(std::int8_t value, std::uint8_t signs, int i) {
    return static_cast<std::int8_t>(signs >> i & 1 ? -value : value);
}

}  // namespace greenroom::kernels
