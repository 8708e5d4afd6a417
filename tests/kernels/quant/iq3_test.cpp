#include "kernels/quant/iq3.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Iq3, XxsHasPointsOfFour) {
    IQ3_XXS zeros{.d = to_half(4), .qs = {}, .signs_scale = {}}, block = zeros;
    EXPECT_EQ(values_of(BlockType::iq3_xxs, zeros), std::vector<float>(256, 4.0f));
    block.qs[63] = 0xff;             // the last point: 4, 28, 52, 62
    block.signs_scale[0][3] = 0x10;  // scale 1
    block.signs_scale[1][0] = 0x03;  // group 1, point 0: two negative
    const Elements found = differences(BlockType::iq3_xxs, block, zeros);
    EXPECT_EQ(found.size(), 32u + 2u + 3u);
    EXPECT_EQ(found.at(31), 12.0f);
    EXPECT_EQ(found.at(33), -4.0f);
    EXPECT_EQ(found.at(255), 62.0f);
}

TEST(Iq3, SHasNineBitsOfIndexAndAllSigns) {
    IQ3_S zeros{.d = to_half(1), .qs = {}, .qh = {}, .signs = {}, .scales = {}}, block = zeros;
    block.qs[62] = 0xff;
    block.qh[7] = 1 << 6;  // point 62 is the last of the lattice
    block.signs[0] = 0x02;
    block.scales[1] = 0x20;  // group 3: 2 * 2 + 1
    const Elements found = differences(BlockType::iq3_s, block, zeros);
    EXPECT_EQ(found.at(1), -1.0f);
    EXPECT_EQ(found.at(96), 5.0f);
    EXPECT_EQ(found.at(127), 5.0f);
    EXPECT_EQ(found.count(128), 0u);
    EXPECT_EQ(found.at(251), 15.0f);
}

}  // namespace
}  // namespace greenroom::kernels
