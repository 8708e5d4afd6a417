#include "kernels/quant/q3_k.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q3K, HasItsFieldsWhereTheFormatPutsThem) {
    Q3_K zeros{.hmask = {}, .qs = {}, .scales = {}, .d = to_half(1)};
    for (int g = 0; g < 8; ++g) zeros.scales[g] = 0x11;
    for (int g = 8; g < 12; ++g) zeros.scales[g] = 0xaa;  // 32 + 1 - 32 = 1 everywhere
    EXPECT_EQ(values_of(BlockType::q3_k, zeros), std::vector<float>(256, -4.0f));
    Q3_K block = zeros;
    block.hmask[5] = 1 << 6;    // element 128 + 2 * 32 + 5
    block.qs[32 + 5] = 1 << 4;  // the same
    EXPECT_EQ(differences(BlockType::q3_k, block, zeros), (Elements{{197, 1.0f}}));
}

TEST(Q3K, ScalesAreSigned) {
    Q3_K block{.hmask = {}, .qs = {}, .scales = {}, .d = to_half(1)};
    EXPECT_EQ(values_of(BlockType::q3_k, block)[0], -4.0f * -32);
    block.scales[7] = 0xf0;   // group 15, low bits
    block.scales[11] = 0xc0;  // group 15, high bits: 63 - 32
    EXPECT_EQ(values_of(BlockType::q3_k, block)[255], -4.0f * 31);
}

}  // namespace
}  // namespace greenroom::kernels
