#include "kernels/quant/q5_k.hpp"

#include "kernels/quant/affine.hpp"

namespace greenroom::kernels {

void unpack(const Q5_K& block, NormalBlock& out) {
    out.d = to_float(block.d);
    out.m = -to_float(block.dmin);
    for (int g = 0; g < 8; ++g) {
        const auto [scale, minimum] = k_scale(block.scales, g);
        out.set_scale_32(g, scale);
        out.set_offset_32(g, minimum);
        for (int l = 0; l < 32; ++l) {
            const int nibble = block.qs[g / 2 * 32 + l] >> (g % 2 * 4) & 15;
            const int fifth = block.qh[l] >> g & 1;
            out.q[g * 32 + l] = static_cast<std::int8_t>(nibble | fifth << 4);
        }
    }
}

void quantize(const float* x, Q5_K& block) {
    const AffineScales<8> fitted = fit_affine<8>(x, 31, 63);
    block = {};
    block.d = fitted.d;
    block.dmin = fitted.dmin;
    for (std::size_t g = 0; g < 8; ++g) {
        set_k_scale(block.scales, static_cast<int>(g), {fitted.scale[g], fitted.minimum[g]});
    }
    for (std::size_t i = 0; i < 256; ++i) {
        const std::size_t g = i / 32, l = i % 32;
        const int step = nearest_step(fitted, x, i, 31);
        block.qs[g / 2 * 32 + l] |= static_cast<std::uint8_t>((step & 15) << (g % 2 * 4));
        block.qh[l] |= static_cast<std::uint8_t>((step >> 4) << g);
    }
}

}  // namespace greenroom::kernels
