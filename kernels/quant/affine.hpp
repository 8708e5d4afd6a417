// The scales and minima of the K-quants that have both (Q2_K, Q4_K, Q5_K). Knows no packing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/quant/fit.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {

// Of a super-block: group g spans [-dmin * minimum[g], d * scale[g] * steps - dmin * minimum[g]].
template <std::size_t groups>
struct AffineScales {
    Half d, dmin;
    std::array<std::uint8_t, groups> scale, minimum;
};

// The scales for x[256] when an element takes 0 to `steps` and a scale or minimum 0 to `most`.
template <std::size_t groups>
AffineScales<groups> fit_affine(const float* x, int steps, int most) {
    constexpr std::size_t size = 256 / groups;
    std::array<float, groups> scale, minimum;
    for (std::size_t g = 0; g < groups; ++g) {
        const auto [low, high] = range({x + g * size, size});
        minimum[g] = std::max(0.0f, -low);
        scale[g] = (std::max(0.0f, high) + minimum[g]) / static_cast<float>(steps);
    }
    AffineScales<groups> fitted;
    fitted.d = to_half(range(scale).high / static_cast<float>(most));
    fitted.dmin = to_half(range(minimum).high / static_cast<float>(most));
    for (std::size_t g = 0; g < groups; ++g) {
        fitted.scale[g] = static_cast<std::uint8_t>(nearest(scale[g], to_float(fitted.d), 0, most));
        fitted.minimum[g] =
            static_cast<std::uint8_t>(nearest(minimum[g], to_float(fitted.dmin), 0, most));
    }
    return fitted;
}

// Element i of x[256] in steps of its group.
template <std::size_t groups>
int nearest_step(const AffineScales<groups>& fitted, const float* x, std::size_t i, int steps) {
    const std::size_t g = i / (256 / groups);
    const float scale = to_float(fitted.d) * fitted.scale[g];
    const float minimum = to_float(fitted.dmin) * fitted.minimum[g];
    return nearest(x[i] + minimum, scale, 0, steps);
}

}  // namespace greenroom::kernels
