// The 12 bytes in which Q4_K and Q5_K keep eight 6-bit scales and eight 6-bit minima.
#pragma once

#include <cstdint>

namespace greenroom::kernels {

// Bytes 0-3: scales 0-3, bytes 4-7: minima 0-3, in six bits each; the two bits on top hold the
// high bits of scale and minimum 4-7, whose low bits are the nibbles of bytes 8-11.
struct KScales {
    std::uint8_t bytes[12];
};

struct KScale {
    int scale, minimum;  // 0 to 63
};

inline KScale k_scale(const KScales& packed, int g) {
    const std::uint8_t* s = packed.bytes;
    if (g < 4) return {s[g] & 63, s[g + 4] & 63};
    return {(s[g + 4] & 15) | (s[g - 4] >> 6) << 4, s[g + 4] >> 4 | (s[g] >> 6) << 4};
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
