#include "kernels/quant/q5.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q5, TakesTheFifthBitFromTheWordOnTheSide) {
    Q5_0 zeros{.d = to_half(1), .qh = {}, .qs = {}}, block = zeros;
    block.qh[2] = 0x08;  // element 19
    block.qs[3] = 0x21;
    EXPECT_EQ(differences(BlockType::q5_0, block, zeros), (Elements{{3, -15.0f}, {19, 2.0f}}));
    EXPECT_EQ(values_of(BlockType::q5_0, zeros)[0], -16.0f);
}

TEST(Q5, AddsTheMinimum) {
    Q5_1 zeros{.d = to_half(1), .m = to_half(0.5f), .qh = {}, .qs = {}}, block = zeros;
    block.qh[0] = 0x01;
    block.qs[0] = 0xf0;
    EXPECT_EQ(differences(BlockType::q5_1, block, zeros), (Elements{{0, 16.5f}, {16, 15.5f}}));
}

}  // namespace
}  // namespace greenroom::kernels
