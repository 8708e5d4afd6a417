// Reads keys and values of a cache in float. Knows no op.
#pragma once

#include "kernels/attention.hpp"
#include "kernels/device/vocabulary.cuh"
#include "kernels/quant/q8.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

struct alignas(16) Float4 {
    float v[4];
};
struct alignas(16) Half8 {
    std::uint16_t v[8];
};

// The i-th value of a row.
template <KvType kType>
GREENROOM_DEVICE float kv_value(const std::byte* row, int i) {
    if constexpr (kType == KvType::f32) {
        return reinterpret_cast<const float*>(row)[i];
    } else if constexpr (kType == KvType::f16) {
        return f16_value(reinterpret_cast<const std::uint16_t*>(row)[i]);
    } else {
        const Q8_0& block = reinterpret_cast<const Q8_0*>(row)[i / 32];
        return load_half(block.d) * block.qs[i % 32];
    }
}

// The eight values from the i-th on, i a multiple of 8. Rows of f32 and f16 are aligned to 16
// bytes.
template <KvType kType>
GREENROOM_DEVICE void kv_values(const std::byte* row, int i, float (&out)[8]) {
    if constexpr (kType == KvType::f32) {
        const auto* const from = reinterpret_cast<const Float4*>(row) + i / 4;
        for (int k = 0; k < 4; ++k) out[k] = from[0].v[k];
        for (int k = 0; k < 4; ++k) out[4 + k] = from[1].v[k];
    } else if constexpr (kType == KvType::f16) {
        const Half8 from = reinterpret_cast<const Half8*>(row)[i / 8];
        for (int k = 0; k < 8; ++k) out[k] = f16_value(from.v[k]);
    } else {
        const Q8_0& block = reinterpret_cast<const Q8_0*>(row)[i / 32];
        const float scale = load_half(block.d);
        const auto* const pairs = reinterpret_cast<const std::uint16_t*>(block.qs + i % 32);
        for (int k = 0; k < 4; ++k) {
            const std::uint16_t pair = pairs[k];
            out[2 * k] = scale * static_cast<std::int8_t>(pair & 0xff);
            out[2 * k + 1] = scale * static_cast<std::int8_t>(pair >> 8);
        }
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
