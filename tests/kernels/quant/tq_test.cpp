#include "kernels/quant/tq.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Tq, OneHoldsFiveDigitsToAByte) {
    TQ1_0 block{.qs = {}, .qh = {}, .d = to_half(1)};
    for (auto& byte : block.qs) byte = 128;  // digits 1 1 1 1 1 of 242 / 243: all zero
    for (auto& byte : block.qh) byte = 128;
    TQ1_0 zeros = block;
    block.qs[1] = 255;  // 2 2 2 2 2
    block.qs[33] = 0;
    block.qh[3] = 255;
    const Elements found = differences(BlockType::tq1_0, block, zeros);
    EXPECT_EQ(found,
              (Elements{{1, 1},
                        {33, 1},
                        {65, 1},
                        {97, 1},
                        {129, 1},
                        {161, -1},
                        {177, -1},
                        {193, -1},
                        {209, -1},
                        {225, -1},
                        {243, 1},
                        {247, 1},
                        {251, 1},
                        {255, 1}}));
}

TEST(Tq, TwoHoldsFourDigitsToAByte) {
    TQ2_0 zeros{.qs = {}, .d = to_half(3)}, block = zeros;
    block.qs[33] = 0x84;  // 0 1 0 2, lowest first
    EXPECT_EQ(differences(BlockType::tq2_0, block, zeros), (Elements{{161, 0.0f}, {225, 3.0f}}));
    EXPECT_EQ(values_of(BlockType::tq2_0, zeros)[0], -3.0f);
}

}  // namespace
}  // namespace greenroom::kernels
