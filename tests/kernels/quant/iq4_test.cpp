#include "kernels/quant/iq4.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Iq4, NamesUnevenValues) {
    IQ4_NL zeros{.d = to_half(1), .qs = {}}, block = zeros;
    block.qs[2] = 0xf8;
    EXPECT_EQ(differences(BlockType::iq4_nl, block, zeros), (Elements{{2, 1.0f}, {18, 113.0f}}));
    EXPECT_EQ(values_of(BlockType::iq4_nl, zeros)[0], -127.0f);
}

TEST(Iq4, ScalesOfGroupsHaveTwoPlaces) {
    IQ4_XS block{.d = to_half(1), .scales_h = {}, .scales_l = {}, .qs = {}};
    block.scales_l[2] = 0x30;  // group 5: low bits 3
    block.scales_h[1] = 0x0c;  // ... high bits 3
    const std::vector<float> values = values_of(BlockType::iq4_xs, block);
    EXPECT_EQ(values[160], -127.0f * (51 - 32));
    EXPECT_EQ(values[159], -127.0f * -32);
}

TEST(Iq4, QuantizesToTheNearestValue) {
    float x[32] = {-127, 113, 0, 5, 100, 101.5f, -30};
    IQ4_NL block;
    quantize(x, block);
    const std::vector<float> values = values_of(BlockType::iq4_nl, block);
    const float expected[] = {-127, 113, 1, 1, 89, 113, -35};
    for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(values[i], expected[i]);
}

}  // namespace
}  // namespace greenroom::kernels
