#include "kernels/quant/q2_k.hpp"

#include "kernels/quant/affine.hpp"

namespace greenroom::kernels {
namespace {

struct Place {
    std::size_t byte;
    int shift;
};

Place place_of(std::size_t element) {
    return {element / 128 * 32 + element % 32, static_cast<int>(element % 128 / 32 * 2)};
}

}  // namespace

void quantize(const float* x, Q2_K& block) {
    const AffineScales<16> fitted = fit_affine<16>(x, 3, 15);
    block = {};
    block.d = fitted.d;
    block.dmin = fitted.dmin;
    for (std::size_t g = 0; g < 16; ++g) {
        block.scales[g] = static_cast<std::uint8_t>(fitted.scale[g] | fitted.minimum[g] << 4);
    }
    for (std::size_t i = 0; i < 256; ++i) {
        const auto [byte, shift] = place_of(i);
        block.qs[byte] |= static_cast<std::uint8_t>(nearest_step(fitted, x, i, 3) << shift);
    }
}

}  // namespace greenroom::kernels
