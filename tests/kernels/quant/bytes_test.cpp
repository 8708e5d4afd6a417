#include "kernels/quant/bytes.hpp"

#include <gtest/gtest.h>

#include "kernels/quant/signs.hpp"

namespace greenroom::kernels {
namespace {

TEST(Bytes, AreSubtractedEachForItself) {
    EXPECT_EQ(less(0x7f080700, 8), 0x7700fff8u);
    EXPECT_EQ(less(0x7f080700, 0), 0x7f080700u);
}

TEST(Bytes, TakeTheSignsOfBits) {
    EXPECT_EQ(bytes_of_bits(0xfa), 0x01000100u);
    EXPECT_EQ(with_signs(0x7f010203, 0x5), 0x7fff02fdu);
}

TEST(Bytes, AreLookedUpByLowAndHighNibbles) {
    std::array<std::int8_t, 16> values;
    for (int i = 0; i < 16; ++i) values[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(-i);
    const auto [low, high] = look_up(byte_table(values), 0xf0123478);
    EXPECT_EQ(low, 0x00fefcf8u);
    EXPECT_EQ(high, 0xf1fffdf9u);
}

TEST(Signs, AreEvenInNumber) {
    for (std::uint32_t seven = 0; seven < 128; ++seven) {
        const std::uint32_t signs = even_signs(seven);
        EXPECT_EQ(signs & 127, seven);
        EXPECT_EQ(std::popcount(signs) % 2, 0);
    }
}

}  // namespace
}  // namespace greenroom::kernels
