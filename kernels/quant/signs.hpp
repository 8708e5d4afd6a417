// How the IQ2 and IQ3 formats keep the signs of eight elements. Knows no lattice.
#pragma once

#include <cstdint>

#include "kernels/quant/on_device.hpp"

namespace greenroom::kernels {

// The eight signs (bit i set: element i is negative) of which seven are stored: their number of
// ones is even.
GREENROOM_SHARED constexpr std::uint32_t even_signs(std::uint32_t seven) {
    constexpr std::uint32_t kOddOfFourBits = 0x6996;
    return seven | (kOddOfFourBits >> ((seven ^ seven >> 4) & 15) & 1) << 7;
}

}  // namespace greenroom::kernels
