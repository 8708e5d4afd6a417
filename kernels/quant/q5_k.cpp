#include "kernels/quant/q5_k.hpp"

#include "kernels/quant/affine.hpp"

namespace greenroom::kernels {

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
