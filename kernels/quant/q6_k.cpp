#include "kernels/quant/q6_k.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {

void quantize(const float* x, Q6_K& block) {
    std::array<float, 16> scale;
    for (std::size_t g = 0; g < 16; ++g) scale[g] = extreme({x + g * 16, 16}) / -32;
    block = {};
    block.d = to_half(extreme(scale) / -128);
    const float d = to_float(block.d);
    for (std::size_t g = 0; g < 16; ++g) {
        block.scales[g] = static_cast<std::int8_t>(nearest(scale[g], d, -128, 127));
    }
    for (int i = 0; i < 256; ++i) {
        const int half = i / 128, quarter = i % 128 / 32, l = i % 32;
        const int g = i / 16;
        const float step = d * static_cast<float>(block.scales[g]);
        const int stored = nearest(x[i], step, -32, 31) + 32;
        block.ql[half * 64 + quarter % 2 * 32 + l] |=
            static_cast<std::uint8_t>((stored & 15) << (quarter / 2 * 4));
        block.qh[half * 32 + l] |= static_cast<std::uint8_t>((stored >> 4) << (quarter * 2));
    }
}

}  // namespace greenroom::kernels
