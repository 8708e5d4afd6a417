#include "kernels/quant/q8.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q8, IsTheScaleTimesSignedBytes) {
    Q8_0 zeros{.d = to_half(0.5f), .qs = {}}, block = zeros;
    block.qs[0] = -128;
    block.qs[31] = 127;
    EXPECT_EQ(differences(BlockType::q8_0, block, zeros), (Elements{{0, -64.0f}, {31, 63.5f}}));
}

TEST(Q8, QuantizesTheExtremesToTheEnds) {
    float x[32] = {127, -127, 1};
    Q8_0 block;
    quantize(x, block);
    EXPECT_EQ(block.qs[0], 127);
    EXPECT_EQ(block.qs[1], -127);
    EXPECT_EQ(block.qs[2], 1);
}

}  // namespace
}  // namespace greenroom::kernels
