#include "kernels/cpu/normal_form.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace greenroom::kernels {
namespace {

constexpr int kGroup = NormalBlock::kGroup;

int u8(const std::byte* p) {
    return std::to_integer<int>(*p);
}
int s8(const std::byte* p) {
    return static_cast<std::int8_t>(u8(p));
}

std::uint32_t u16(const std::byte* p) {
    return static_cast<std::uint32_t>(u8(p)) | static_cast<std::uint32_t>(u8(p + 1)) << 8;
}

std::uint32_t u32(const std::byte* p) {
    return u16(p) | u16(p + 2) << 16;
}

float f16(const std::byte* p) {
    const std::uint32_t bits = u16(p), sign = (bits & 0x8000) << 16, exponent = bits >> 10 & 31;
    const std::uint32_t fraction = bits & 1023;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000 | fraction << 13);
    if (exponent != 0) {
        return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
    }
    const float small = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -small : small;
}

void one_scale(NormalBlock& out, int columns) {
    std::fill_n(out.scale, columns / kGroup, 1);
    std::fill_n(out.offset, columns / kGroup, 1);
    out.m = 0;
}

// Two groups of 16 share what `group32` says.
void per_32(std::int32_t* groups, int group32, int value) {
    groups[2 * group32] = groups[2 * group32 + 1] = value;
}

// 16 bytes hold 32 values: low nibbles the first half, high nibbles the second.
template <class Value>
void nibbles(const std::byte* qs, std::int8_t* q, Value value) {
    for (int i = 0; i < 16; ++i) {
        q[i] = static_cast<std::int8_t>(value(u8(qs + i) & 15, i));
        q[i + 16] = static_cast<std::int8_t>(value(u8(qs + i) >> 4, i + 16));
    }
}

void q4_0(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    nibbles(b + 2, out.q, [](int v, int) { return v - 8; });
}

void q4_1(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    out.m = f16(b + 2);
    nibbles(b + 4, out.q, [](int v, int) { return v; });
}

void q5_0(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    const std::uint32_t high = u32(b + 2);
    nibbles(b + 6, out.q, [&](int v, int i) {
        return (v | static_cast<int>(high >> i & 1) << 4) - 16;
    });
}

void q5_1(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    out.m = f16(b + 2);
    const std::uint32_t high = u32(b + 4);
    nibbles(b + 8, out.q, [&](int v, int i) { return v | static_cast<int>(high >> i & 1) << 4; });
}

void q8_0(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    std::memcpy(out.q, b + 2, 32);
}

constexpr std::array<int, 16> kIq4 = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void iq4_nl(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = f16(b);
    nibbles(b + 2, out.q, [](int v, int) { return kIq4[static_cast<std::size_t>(v)]; });
}

// Twice the values of E2M1, so that they are whole.
constexpr std::array<int, 16> kE2m1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

void mxfp4(const std::byte* b, int, NormalBlock& out) {
    one_scale(out, 32);
    out.d = std::ldexp(1.0F, u8(b) - 128);  // half of 2^(e - 127), exact down to 2^-128
    nibbles(b + 1, out.q, [](int v, int) { return kE2m1[static_cast<std::size_t>(v)]; });
}

void q2_k(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b + 80);
    out.m = -f16(b + 82);
    for (int g = 0; g < 16; ++g) {
        out.scale[g] = u8(b + g) & 15;
        out.offset[g] = u8(b + g) >> 4;
    }
    for (int c = 0; c < 256; ++c) {
        out.q[c] =
            static_cast<std::int8_t>(u8(b + 16 + c / 128 * 32 + c % 32) >> (c % 128 / 32 * 2) & 3);
    }
}

// Sixteen 6-bit scales in 12 bytes: low nibbles of the first 8 bytes, then high ones; the upper two
// bits of scale g in byte 8 + g % 4, at bit 2 * (g / 4).
void q3_k(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b + 108);
    out.m = 0;
    for (int g = 0; g < 16; ++g) {
        const int low = u8(b + 96 + g % 8) >> (g / 8 * 4) & 15;
        out.scale[g] = (low | (u8(b + 104 + g % 4) >> (g / 4 * 2) & 3) << 4) - 32;
        out.offset[g] = 0;
    }
    for (int c = 0; c < 256; ++c) {
        const int low = u8(b + 32 + c / 128 * 32 + c % 32) >> (c % 128 / 32 * 2) & 3;
        const int high = u8(b + c % 32) >> (c / 32) & 1;
        out.q[c] = static_cast<std::int8_t>((low | high << 2) - 4);
    }
}

// Eight pairs of 6-bit numbers in 12 bytes.
void scales_and_mins(const std::byte* s, NormalBlock& out) {
    for (int g = 0; g < 4; ++g) {
        per_32(out.scale, g, u8(s + g) & 63);
        per_32(out.offset, g, u8(s + g + 4) & 63);
        per_32(out.scale, g + 4, (u8(s + g + 8) & 15) | u8(s + g) >> 6 << 4);
        per_32(out.offset, g + 4, u8(s + g + 8) >> 4 | u8(s + g + 4) >> 6 << 4);
    }
}

void q4_k(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b);
    out.m = -f16(b + 2);
    scales_and_mins(b + 4, out);
    for (int c = 0; c < 256; ++c) {
        out.q[c] =
            static_cast<std::int8_t>(u8(b + 16 + c / 64 * 32 + c % 32) >> (c % 64 / 32 * 4) & 15);
    }
}

void q5_k(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b);
    out.m = -f16(b + 2);
    scales_and_mins(b + 4, out);
    for (int c = 0; c < 256; ++c) {
        const int low = u8(b + 48 + c / 64 * 32 + c % 32) >> (c % 64 / 32 * 4) & 15;
        const int high = u8(b + 16 + c % 32) >> (c / 32) & 1;
        out.q[c] = static_cast<std::int8_t>(low | high << 4);
    }
}

void q6_k(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b + 208);
    out.m = 0;
    for (int g = 0; g < 16; ++g) {
        out.scale[g] = s8(b + 192 + g);
        out.offset[g] = 0;
    }
    for (int c = 0; c < 256; ++c) {
        const int half = c / 128, quarter = c % 128 / 32;
        const int low = u8(b + half * 64 + c % 64) >> (quarter / 2 * 4) & 15;
        const int high = u8(b + 128 + half * 32 + c % 32) >> (quarter * 2) & 3;
        out.q[c] = static_cast<std::int8_t>((low | high << 4) - 32);
    }
}

void iq4_xs(const std::byte* b, int, NormalBlock& out) {
    out.d = f16(b);
    out.m = 0;
    for (int g = 0; g < 8; ++g) {
        const int low = u8(b + 4 + g / 2) >> (g % 2 * 4) & 15;
        const int high = static_cast<int>(u16(b + 2) >> (2 * g) & 3);
        per_32(out.scale, g, (low | high << 4) - 32);
        per_32(out.offset, g, 0);
        nibbles(b + 8 + g * 16, out.q + g * 32, [](int v, int) {
            return kIq4[static_cast<std::size_t>(v)];
        });
    }
}

constexpr NormalForm simple(void (*unpack)(const std::byte*, int, NormalBlock&),
                            bool has_offset = false) {
    return {.columns = 32, .parts = 1, .rounding = 32, .has_offset = has_offset, .unpack = unpack};
}

constexpr NormalForm super(void (*unpack)(const std::byte*, int, NormalBlock&),
                           bool has_offset = false) {
    return {
        .columns = 256, .parts = 1, .rounding = 256, .has_offset = has_offset, .unpack = unpack};
}

struct Row {
    BlockType type;
    NormalForm form;
};
constexpr Row kForms[] = {
    {BlockType::q4_0, simple(q4_0)},
    {BlockType::q4_1, simple(q4_1, true)},
    {BlockType::q5_0, simple(q5_0)},
    {BlockType::q5_1, simple(q5_1, true)},
    {BlockType::q8_0, simple(q8_0)},
    {BlockType::iq4_nl, simple(iq4_nl)},
    {BlockType::mxfp4, simple(mxfp4)},
    {BlockType::q2_k, super(q2_k, true)},
    {BlockType::q3_k, super(q3_k)},
    {BlockType::q4_k, super(q4_k, true)},
    {BlockType::q5_k, super(q5_k, true)},
    {BlockType::q6_k, super(q6_k)},
    {BlockType::iq4_xs, super(iq4_xs)},
};

}  // namespace

const NormalForm* find_normal_form(BlockType type) {
    const auto* row = std::ranges::find(kForms, type, &Row::type);
    return row == std::end(kForms) ? nullptr : &row->form;
}

}  // namespace greenroom::kernels
