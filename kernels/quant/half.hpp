// Half-width floats as the formats store them, to and from float, exactly. Knows no blocks.
#pragma once

#include <bit>
#include <cstdint>

namespace greenroom::kernels {

// An IEEE f16 as it lies in a block: little-endian, at any address.
struct Half {
    std::uint8_t low, high;
};

// Every f16, subnormals and NaN payloads included.
constexpr float f16_to_f32(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000u) << 16;
    const std::uint32_t magnitude = half & 0x7fffu;
    if (magnitude < 0x0400) {  // subnormal: a multiple of 2^-24
        const float value = static_cast<float>(magnitude) * 0x1p-24f;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
    }
    const std::uint32_t exponent_shift = magnitude >= 0x7c00 ? 255 - 31 : 127 - 15;
    return std::bit_cast<float>(sign | ((magnitude << 13) + (exponent_shift << 23)));
}

// The nearest f16, ties to even; infinity from 65520 on; a NaN stays one.
constexpr std::uint16_t f32_to_f16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 16 & 0x8000u;
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    std::uint32_t half = 0;
    if (magnitude > 0x7f800000) {
        half = 0x7e00 | (magnitude >> 13 & 0x03ff);
    } else if (magnitude >= 0x477ff000) {
        half = 0x7c00;
    } else if (magnitude < 0x38800000) {  // below 2^-14: adding 0.5 leaves the multiple of 2^-24
        const float sum = std::bit_cast<float>(magnitude) + 0.5f;
        half = std::bit_cast<std::uint32_t>(sum) - std::bit_cast<std::uint32_t>(0.5f);
    } else {
        const std::uint32_t to_even = 0x0fff + (magnitude >> 13 & 1);
        half = (magnitude + to_even - ((127u - 15u) << 23)) >> 13;
    }
    return static_cast<std::uint16_t>(sign | half);
}

constexpr float bf16_to_f32(std::uint16_t half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

// The nearest bf16, ties to even; a NaN stays one.
constexpr std::uint16_t f32_to_bf16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffu) > 0x7f800000) return static_cast<std::uint16_t>(bits >> 16 | 0x40);
    return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

constexpr std::uint16_t load_u16(std::uint8_t low, std::uint8_t high) {
    return static_cast<std::uint16_t>(low | high << 8);
}

constexpr std::uint32_t load_u32(const std::uint8_t* bytes) {
    return load_u16(bytes[0], bytes[1]) | std::uint32_t{load_u16(bytes[2], bytes[3])} << 16;
}

constexpr float to_float(Half half) {
    return f16_to_f32(load_u16(half.low, half.high));
}

constexpr Half to_half(float value) {
    const std::uint16_t half = f32_to_f16(value);
    return {static_cast<std::uint8_t>(half), static_cast<std::uint8_t>(half >> 8)};
}

}  // namespace greenroom::kernels
