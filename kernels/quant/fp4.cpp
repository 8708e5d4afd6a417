#include "kernels/quant/fp4.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

// 2^(e - 128), subnormal for e < 2.
float half_of_e8m0(std::uint8_t e) {
    return std::bit_cast<float>(e < 2 ? 0x00200000u << e : (e - 1u) << 23);
}

float half_of_e4m3(std::uint8_t d) {
    if (d == 0x7f) return 0;
    const int exponent = d >> 3 & 15;
    const auto mantissa = static_cast<float>(d & 7);
    return exponent == 0 ? std::ldexp(mantissa, -10) : std::ldexp(8 + mantissa, exponent - 11);
}

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

void unpack(const MXFP4& block, NormalBlock& out) {
    out.set_scale(half_of_e8m0(block.e), 32);
    out.set_no_offset(32);
    for (int i = 0; i < 16; ++i) {
        out.q[i] = kFp4Values[block.qs[i] & 15];
        out.q[i + 16] = kFp4Values[block.qs[i] >> 4];
    }
}

void unpack(const NVFP4& block, int part, NormalBlock& out) {
    out.set_scale(half_of_e4m3(block.d[part]), 16);
    out.set_no_offset(16);
    for (int i = 0; i < 8; ++i) {
        const std::uint8_t pair = block.qs[part * 8 + i];
        out.q[i] = kFp4Values[pair & 15];
        out.q[i + 8] = kFp4Values[pair >> 4];
    }
}

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
