#include "kernels/quant/q3_k.hpp"

#include <array>
#include <cmath>
#include <cstddef>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

int scale_of(const Q3_K& block, int g) {
    const int low = block.scales[g % 8] >> (g / 8 * 4) & 15;
    const int high = block.scales[8 + g % 4] >> (g / 4 * 2) & 3;
    return (low | high << 4) - 32;
}

// Group g of a block with cleared scales gets `scale`, -32 to 31.
void set_scale(Q3_K& block, int g, int scale) {
    const int stored = scale + 32;
    block.scales[g % 8] |= static_cast<std::uint8_t>((stored & 15) << (g / 8 * 4));
    block.scales[8 + g % 4] |= static_cast<std::uint8_t>((stored >> 4) << (g / 4 * 2));
}

}  // namespace

void quantize(const float* x, Q3_K& block) {
    std::array<float, 16> scale;
    for (std::size_t g = 0; g < 16; ++g) scale[g] = extreme({x + g * 16, 16}) / -4;
    block = {};
    block.d = to_half(extreme(scale) / -32);
    const float d = to_float(block.d);
    for (int g = 0; g < 16; ++g) {
        set_scale(block, g, nearest(scale[static_cast<std::size_t>(g)], d, -32, 31));
    }
    for (int i = 0; i < 256; ++i) {
        const int half = i / 128, pair = i % 128 / 32, l = i % 32;
        const float step = d * static_cast<float>(scale_of(block, i / 16));
        const int stored = nearest(x[i], step, -4, 3) + 4;
        block.qs[half * 32 + l] |= static_cast<std::uint8_t>((stored & 3) << (pair * 2));
        block.hmask[l] |= static_cast<std::uint8_t>((stored >> 2) << (half * 4 + pair));
    }
}

}  // namespace greenroom::kernels
