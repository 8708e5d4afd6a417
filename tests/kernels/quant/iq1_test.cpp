#include "kernels/quant/iq1.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Iq1, AGroupOfSMovesUpOrDown) {
    IQ1_S up{.d = to_half(8), .qs = {}, .qh = {}};  // point 0: -1 everywhere
    EXPECT_EQ(values_of(BlockType::iq1_s, up), std::vector<float>(256, 8 * (-1 + 0.125f)));
    IQ1_S block = up;
    block.qh[7][1] = 0xa0;  // group 7: moved down, scale 2 * 2 + 1
    const Elements found = differences(BlockType::iq1_s, block, up);
    EXPECT_EQ(found.size(), 32u);
    EXPECT_EQ(found.at(224), 8 * 5 * (-1 - 0.125f));
}

TEST(Iq1, PointsOfSHaveElevenBits) {
    IQ1_S zeros{.d = to_half(8), .qs = {}, .qh = {}}, block = zeros;
    block.qs[1] = 0xff;  // point 1 of group 0 is the last of the lattice: 1 everywhere
    block.qh[0][0] = 7 << 3;
    const Elements found = differences(BlockType::iq1_s, block, zeros);
    EXPECT_EQ(found.size(), 8u);
    EXPECT_EQ(found.at(8), 8 * (1 + 0.125f));
    EXPECT_EQ(found.at(15), 8 * (1 + 0.125f));
}

TEST(Iq1, MGathersItsScaleFromFourNibbles) {
    IQ1_M block{.qs = {}, .qh = {}, .scales = {}};
    block.scales[3][1] = 0x40;  // 0x4800 is 8
    block.scales[2][1] = 0x80;
    EXPECT_EQ(values_of(BlockType::iq1_m, block), std::vector<float>(256, 8 * (-1 + 0.125f)));
    IQ1_M other = block;
    other.qh[15] = 0x80;          // point 31 moves down
    other.scales[0][0] = 1 << 3;  // group 1: 2 * 1 + 1
    const Elements found = differences(BlockType::iq1_m, other, block);
    EXPECT_EQ(found.size(), 24u);
    EXPECT_EQ(found.at(16), 8 * 3 * (-1 + 0.125f));
    EXPECT_EQ(found.at(255), 8 * (-1 - 0.125f));
}

}  // namespace
}  // namespace greenroom::kernels
