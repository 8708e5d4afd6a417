#include "kernels/quant/iq2.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Iq2, XxsKeepsSevenSignsPerPoint) {
    IQ2_XXS zeros{.d = to_half(8), .groups = {}}, block = zeros;  // 8 / 4 * (0 + 1/2) = 1
    EXPECT_EQ(values_of(BlockType::iq2_xxs, zeros), std::vector<float>(256, 8.0f));
    block.groups[7].signs_scale[0] = 1;     // point 0: signs 1, so the eighth is negative too
    block.groups[0].signs_scale[3] = 0x10;  // scale 1
    const Elements found = differences(BlockType::iq2_xxs, block, zeros);
    EXPECT_EQ(found.size(), 34u);
    EXPECT_EQ(found.at(0), 24.0f);
    EXPECT_EQ(found.at(224), -8.0f);
    EXPECT_EQ(found.at(231), -8.0f);
}

TEST(Iq2, XsHasNineBitsOfIndexAndSevenSigns) {
    IQ2_XS zeros{.d = to_half(8), .qs = {}, .scales = {}}, block = zeros;
    block.qs[31][0] = 0xff;  // the last point of the lattice: 43 everywhere
    block.qs[31][1] = 0x07;  // ... its ninth bit, and signs 3
    block.scales[0] = 0x10;  // group 1: scale 1
    const Elements found = differences(BlockType::iq2_xs, block, zeros);
    EXPECT_EQ(found.size(), 16u + 8u);
    EXPECT_EQ(found.at(16), 24.0f);
    EXPECT_EQ(found.at(248), -43.0f);
    EXPECT_EQ(found.at(249), -43.0f);
    EXPECT_EQ(found.at(255), 43.0f);
}

TEST(Iq2, SHasAllEightSigns) {
    IQ2_S zeros{.d = to_half(8), .qs = {}, .signs = {}, .qh = {}, .scales = {}}, block = zeros;
    block.signs[1] = 0x80;
    block.qs[30] = 0xff;
    block.qh[7] = 3 << 4;  // point 30 is the last of the lattice
    const Elements found = differences(BlockType::iq2_s, block, zeros);
    EXPECT_EQ(found.size(), 1u + 8u);
    EXPECT_EQ(found.at(15), -8.0f);
    EXPECT_EQ(found.at(240), 43.0f);
}

}  // namespace
}  // namespace greenroom::kernels
