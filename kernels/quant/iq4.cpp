#include "kernels/quant/iq4.hpp"

#include <cmath>
#include <cstddef>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

// The index of the value nearest to x / scale.
int nearest_value(float x, float scale) {
    const float target = scale == 0 ? 0 : x / scale;
    int best = 0;
    for (int i = 1; i < 16; ++i) {
        const auto distance = [&](int k) {
            return std::abs(target - static_cast<float>(kIq4Values[static_cast<std::size_t>(k)]));
        };
        if (distance(i) < distance(best)) best = i;
    }
    return best;
}

void quantize_group(const float* x, float scale, std::uint8_t* qs) {
    for (int i = 0; i < 16; ++i) {
        qs[i] = static_cast<std::uint8_t>(nearest_value(x[i], scale) |
                                          nearest_value(x[i + 16], scale) << 4);
    }
}

}  // namespace

void quantize(const float* x, IQ4_NL& block) {
    block.d = to_half(extreme({x, 32}) / kIq4Values[0]);
    quantize_group(x, to_float(block.d), block.qs);
}

void quantize(const float* x, IQ4_XS& block) {
    std::array<float, 8> scale;
    for (std::size_t g = 0; g < 8; ++g) scale[g] = extreme({x + g * 32, 32}) / kIq4Values[0];
    block = {};
    block.d = to_half(extreme(scale) / -32);
    const float d = to_float(block.d);
    for (std::size_t g = 0; g < 8; ++g) {
        const int steps = nearest(scale[g], d, -32, 31);
        const int stored = steps + 32;
        block.scales_l[g / 2] |= static_cast<std::uint8_t>((stored & 15) << (g % 2 * 4));
        block.scales_h[g / 4] |= static_cast<std::uint8_t>((stored >> 4) << (g % 4 * 2));
        quantize_group(x + g * 32, d * static_cast<float>(steps), block.qs + g * 16);
    }
}

}  // namespace greenroom::kernels
