// The 12 bytes in which Q4_K and Q5_K keep eight 6-bit scales and eight 6-bit minima.
#pragma once

#include <cstdint>

#include "kernels/quant/on_device.hpp"

namespace greenroom::kernels {

// Bytes 0-3: scales 0-3, bytes 4-7: minima 0-3, in six bits each; the two bits on top hold the
// high bits of scale and minimum 4-7, whose low bits are the nibbles of bytes 8-11.
struct KScales {
    std::uint8_t bytes[12];
};

struct KScale {
    int scale, minimum;  // 0 to 63
};

// Of the 12 bytes as words.
GREENROOM_SHARED inline KScale k_scale(const std::uint32_t (&words)[3], int g) {
    const int shift = g % 4 * 8;
    const std::uint32_t scale = words[0] >> shift, minimum = words[1] >> shift;
    const std::uint32_t low = words[2] >> shift;
    if (g < 4) return {static_cast<int>(scale & 63), static_cast<int>(minimum & 63)};
    return {static_cast<int>((low & 15) | (scale >> 6 & 3) << 4),
            static_cast<int>((low >> 4 & 15) | (minimum >> 6 & 3) << 4)};
}

// Sets group g of cleared bytes.
inline void set_k_scale(KScales& packed, int g, KScale value) {
    std::uint8_t* s = packed.bytes;
    const auto [scale, minimum] = value;
    if (g < 4) {
        s[g] |= static_cast<std::uint8_t>(scale);
        s[g + 4] |= static_cast<std::uint8_t>(minimum);
    } else {
        s[g + 4] |= static_cast<std::uint8_t>((scale & 15) | (minimum & 15) << 4);
        s[g - 4] |= static_cast<std::uint8_t>((scale >> 4) << 6);
        s[g] |= static_cast<std::uint8_t>((minimum >> 4) << 6);
    }
}

}  // namespace greenroom::kernels
