#include "kernels/quant/q4_k.hpp"

#include "kernels/quant/affine.hpp"

namespace greenroom::kernels {

void quantize(const float* x, Q4_K& block) {
    const AffineScales<8> fitted = fit_affine<8>(x, 15, 63);
    block = {};
    block.d = fitted.d;
    block.dmin = fitted.dmin;
    for (std::size_t g = 0; g < 8; ++g) {
        set_k_scale(block.scales, static_cast<int>(g), {fitted.scale[g], fitted.minimum[g]});
    }
    for (std::size_t i = 0; i < 256; ++i) {
        const std::size_t g = i / 32, l = i % 32;
        const int step = nearest_step(fitted, x, i, 15);
        block.qs[g / 2 * 32 + l] |= static_cast<std::uint8_t>(step << (g % 2 * 4));
    }
}

}  // namespace greenroom::kernels
