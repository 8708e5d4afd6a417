// Rounds a row of activations; plain C++ that compilers turn into vectors of any width. Included by
// each file that is compiled for an instruction set of its own.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#include "kernels/cpu/rounded.hpp"

namespace greenroom::kernels {
namespace {

// 127 / most must stay finite.
constexpr float kTiny = 1e-36F;
// In the sum with 1.5 * 2^23 the last bits are the nearest integer, ties to even.
constexpr float kShifter = 12582912.0F;

std::int32_t bits_of(float a) {
    std::int32_t bits;
    std::memcpy(&bits, &a, sizeof bits);
    return bits;
}

void round_block(const float* x, int n, std::int8_t* q, float& scale) {
    std::int32_t most_bits = 0;  // of |x|: NaN above infinity above every number
    for (int c = 0; c < n; ++c) {
        const std::int32_t bits = bits_of(x[c]) & 0x7fffffff;
        most_bits = bits > most_bits ? bits : most_bits;
    }
    float most;
    std::memcpy(&most, &most_bits, sizeof most);
    if (most_bits >= 0x7f800000 || most < kTiny) {
        std::memset(q, 0, static_cast<std::size_t>(n));
        scale = most < kTiny ? 0.0F : std::numeric_limits<float>::quiet_NaN();
        return;
    }
    const float inverse = 127.0F / most;
    for (int c = 0; c < n; ++c) q[c] = static_cast<std::int8_t>(bits_of(x[c] * inverse + kShifter));
    scale = most / 127.0F;
}

void round_row_here(const RoundRow& op) {
    for (std::int64_t b = 0; b < op.n / op.block; ++b) {
        const std::int64_t at = b * op.block;
        if (op.block == 32) {  // constant lengths, so that loops unroll
            round_block(op.x + at, 32, op.q + at, op.scales[b]);
        } else {
            round_block(op.x + at, 256, op.q + at, op.scales[b]);
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
