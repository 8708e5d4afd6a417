#include "kernels/quant/q4.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q4, HasLowNibblesFirst) {
    Q4_0 zeros{.d = to_half(2), .qs = {}}, block = zeros;
    block.qs[3] = 0xf9;
    EXPECT_EQ(differences(BlockType::q4_0, block, zeros), (Elements{{3, 2.0f}, {19, 14.0f}}));
    EXPECT_EQ(values_of(BlockType::q4_0, zeros)[0], -16.0f);
}

TEST(Q4, AddsTheMinimum) {
    Q4_1 zeros{.d = to_half(2), .m = to_half(-5), .qs = {}}, block = zeros;
    block.qs[15] = 0x71;
    EXPECT_EQ(differences(BlockType::q4_1, block, zeros), (Elements{{15, -3.0f}, {31, 9.0f}}));
    EXPECT_EQ(values_of(BlockType::q4_1, zeros)[0], -5.0f);
}

}  // namespace
}  // namespace greenroom::kernels
