#include "kernels/quant/q2_k.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q2K, HasItsFieldsWhereTheFormatPutsThem) {
    Q2_K zeros{.scales = {}, .qs = {}, .d = to_half(1), .dmin = to_half(0.25f)};
    for (auto& scale : zeros.scales) scale = 0x21;  // scale 1, minimum 2
    Q2_K block = zeros;
    block.scales[11] = 0x45;     // elements 176 to 191
    block.qs[32 + 16] = 3 << 2;  // half 1, second pair of bits, l = 16: element 128 + 32 + 16
    const Elements found = differences(BlockType::q2_k, block, zeros);
    EXPECT_EQ(found.size(), 16u);
    EXPECT_EQ(found.at(176), 5 * 3 - 0.25f * 4);
    EXPECT_EQ(found.at(191), -0.25f * 4);
    EXPECT_EQ(values_of(BlockType::q2_k, zeros)[0], -0.5f);
}

}  // namespace
}  // namespace greenroom::kernels
