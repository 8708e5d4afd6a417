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

// The eight values from the i-th on, i a multiple of 8, as they lie in a row. Rows of f32 and f16
// are aligned to 16 bytes.
template <KvType kType>
struct KvEight;

template <>
struct KvEight<KvType::f32> {
    Float4 fours[2];

    GREENROOM_DEVICE void load(const std::byte* row, int i) {
        for (int k = 0; k < 2; ++k) fours[k] = reinterpret_cast<const Float4*>(row)[i / 4 + k];
    }
    GREENROOM_DEVICE float value(int k) const { return fours[k / 4].v[k % 4]; }
};

template <>
struct KvEight<KvType::f16> {
    Half8 halves;

    GREENROOM_DEVICE void load(const std::byte* row, int i) {
        halves = reinterpret_cast<const Half8*>(row)[i / 8];
    }
    GREENROOM_DEVICE float value(int k) const { return f16_value(halves.v[k]); }
};

template <>
struct KvEight<KvType::q8_0> {
    std::uint16_t scale, pairs[4];

    GREENROOM_DEVICE void load(const std::byte* row, int i) {
        const Q8_0& block = reinterpret_cast<const Q8_0*>(row)[i / 32];
        scale = static_cast<std::uint16_t>(load_pair(&block.d));
        for (int k = 0; k < 4; ++k) {
            pairs[k] = static_cast<std::uint16_t>(load_pair(block.qs + i % 32 + 2 * k));
        }
    }
    GREENROOM_DEVICE float value(int k) const {
        return f16_value(scale) * static_cast<std::int8_t>(pairs[k / 2] >> (k % 2 * 8) & 0xff);
    }
};

}  // namespace greenroom::kernels::GREENROOM_BODIES
