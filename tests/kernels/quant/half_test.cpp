#include "kernels/quant/half.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace greenroom::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// By the definition of the format: sign, five bits of exponent, ten of fraction.
double f16_by_definition(int bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double magnitude =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

TEST(Half, EveryNumberIsExactAndComesBack) {
    for (int bits = 0; bits <= 0xffff; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float value = f16_to_f32(half);
        if ((bits & 0x7c00) == 0x7c00) continue;
        ASSERT_EQ(double{value}, f16_by_definition(bits)) << bits;
        ASSERT_EQ(f32_to_f16(value), half) << bits;
    }
}

TEST(Half, InfinityAndNanAreKept) {
    EXPECT_EQ(f16_to_f32(0x7c00), kInfinity);
    EXPECT_EQ(f16_to_f32(0xfc00), -kInfinity);
    EXPECT_EQ(f32_to_f16(-kInfinity), 0xfc00);
    for (int fraction = 1; fraction < 1024; ++fraction) {
        const auto half = static_cast<std::uint16_t>(0x7c00 | fraction);
        ASSERT_TRUE(std::isnan(f16_to_f32(half)));
        ASSERT_EQ(f32_to_f16(f16_to_f32(half)), half | 0x200) << "quiet, with its payload";
    }
    EXPECT_TRUE(std::isnan(bf16_to_f32(f32_to_bf16(std::bit_cast<float>(0x7f800001u)))));
    EXPECT_EQ(f32_to_bf16(kInfinity), 0x7f80);
}

// The midpoint of two neighbours goes to the even one, anything beside it to the nearer one.
TEST(Half, RoundsToNearestTiesToEven) {
    for (int bits = 0; bits < 0x7bff; ++bits) {
        const float low = f16_to_f32(static_cast<std::uint16_t>(bits));
        const float high = f16_to_f32(static_cast<std::uint16_t>(bits + 1));
        const float middle = low + (high - low) / 2;
        ASSERT_EQ(f32_to_f16(middle), bits + (bits & 1)) << bits;
        ASSERT_EQ(f32_to_f16(std::nextafter(middle, 0.0f)), bits) << bits;
        ASSERT_EQ(f32_to_f16(std::nextafter(middle, kInfinity)), bits + 1) << bits;
    }
    EXPECT_EQ(f32_to_f16(65519.996f), 0x7bff);
    EXPECT_EQ(f32_to_f16(65520.0f), 0x7c00);
    EXPECT_EQ(f32_to_f16(-1e-30f), 0x8000);
}

TEST(Half, Bf16RoundsToNearestTiesToEven) {
    EXPECT_EQ(f32_to_bf16(std::bit_cast<float>(0x3f808000u)), 0x3f80);
    EXPECT_EQ(f32_to_bf16(std::bit_cast<float>(0x3f808001u)), 0x3f81);
    EXPECT_EQ(f32_to_bf16(std::bit_cast<float>(0x3f818000u)), 0x3f82);
    EXPECT_EQ(f32_to_bf16(std::bit_cast<float>(0x7f7fffffu)), 0x7f80);
    EXPECT_EQ(bf16_to_f32(0x0001), std::bit_cast<float>(0x00010000u));
}

}  // namespace
}  // namespace greenroom::kernels
