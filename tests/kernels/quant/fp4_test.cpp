#include "kernels/quant/fp4.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Fp4, MxIsAPowerOfTwoTimesE2m1) {
    MXFP4 zeros{.e = 127, .qs = {}}, block = zeros;
    block.qs[1] = 0xf5;
    EXPECT_EQ(differences(BlockType::mxfp4, block, zeros), (Elements{{1, 3.0f}, {17, -6.0f}}));
}

TEST(Fp4, MxScalesReachTheSubnormals) {
    MXFP4 block{.e = 0, .qs = {0x12}};  // elements 0 and 16: 1 and 1/2
    EXPECT_EQ(values_of(BlockType::mxfp4, block)[0], 0x1p-127f);
    EXPECT_EQ(values_of(BlockType::mxfp4, block)[16], 0x1p-128f);
    block.e = 1;
    EXPECT_EQ(values_of(BlockType::mxfp4, block)[0], 0x1p-126f);
    block.e = 254;
    EXPECT_EQ(values_of(BlockType::mxfp4, block)[0], 0x1p127f);
}

TEST(Fp4, NvHasAFloatPerSixteen) {
    NVFP4 block{.d = {0x38, 0x7f, 0x01, 0x7e}, .qs = {}};  // 1, no number, 2^-9, 448
    for (auto& pair : block.qs) pair = 0xa2;               // 1 and -1
    const std::vector<float> values = values_of(BlockType::nvfp4, block);
    EXPECT_EQ(values[0], 1.0f);
    EXPECT_EQ(values[8], -1.0f);
    EXPECT_EQ(values[16], 0.0f);
    EXPECT_EQ(values[32], 0x1p-9f);
    EXPECT_EQ(values[63], -448.0f);
}

TEST(Fp4, QuantizesToTheHighestBinade) {
    float x[32] = {6, -4, 0.4f, 1.2f};
    MXFP4 block;
    quantize(x, block);
    EXPECT_EQ(block.e, 127);
    const std::vector<float> values = values_of(BlockType::mxfp4, block);
    const float expected[] = {6, -4, 0.5f, 1};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(values[i], expected[i]);
}

}  // namespace
}  // namespace greenroom::kernels
