#include "kernels/quant/fp4.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

int nearest_value(float steps) {
    const int sign = std::signbit(steps) ? 8 : 0;
    const float magnitude = std::abs(steps);
    int best = 0;
    for (int i = 1; i < 8; ++i) {
        const auto distance = [&](int k) {
            return std::abs(magnitude -
                            static_cast<float>(kFp4Values[static_cast<std::size_t>(k)]));
        };
        if (distance(i) < distance(best)) best = i;
    }
    return best | sign;
}

}  // namespace

// The scale is the power of two that puts the largest element into E2M1's highest binade, [4, 8).
void quantize(const float* x, MXFP4& block) {
    const float largest = std::abs(extreme({x, 32}));
    const bool has_binade = largest > 0 && std::isfinite(largest);
    block.e = has_binade
                  ? static_cast<std::uint8_t>(std::clamp(std::ilogb(largest) - 2 + 127, 0, 254))
                  : std::uint8_t{0};
    const float scale = half_of_e8m0(block.e);
    for (int i = 0; i < 16; ++i) {
        const int low = nearest_value(x[i] / scale);
        const int high = nearest_value(x[i + 16] / scale);
        block.qs[i] = static_cast<std::uint8_t>(low | high << 4);
    }
}

}  // namespace greenroom::kernels
