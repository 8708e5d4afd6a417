// How the quantisers choose integers: round to nearest. Knows no format.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace greenroom::kernels {

// x / scale rounded to the nearest integer of [low, high]; 0 steps when the scale is 0, `low` for
// NaN.
inline int nearest(float x, float scale, int low, int high) {
    if (scale == 0) return std::clamp(0, low, high);
    const float steps = std::nearbyint(x / scale);
    if (!(steps > static_cast<float>(low))) return low;
    return steps < static_cast<float>(high) ? static_cast<int>(steps) : high;
}

// The element of the largest magnitude, with its sign.
inline float extreme(std::span<const float> x) {
    float found = 0;
    for (float value : x) {
        if (std::abs(value) > std::abs(found)) found = value;
    }
    return found;
}

// The range of x; of a K-quant's group, widened to hold 0, because its minimum is never positive.
struct Range {
    float low, high;
};

inline Range range(std::span<const float> x) {
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    return {*low, *high};
}

}  // namespace greenroom::kernels
