#include "kernels/quant/q6_k.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q6K, HasItsFieldsWhereTheFormatPutsThem) {
    Q6_K zeros{.ql = {}, .qh = {}, .scales = {}, .d = to_half(1)};
    for (auto& scale : zeros.scales) scale = 1;
    EXPECT_EQ(values_of(BlockType::q6_k, zeros), std::vector<float>(256, -32.0f));
    Q6_K block = zeros;
    block.ql[64 + 32 + 4] = 0xf0;  // half 1, quarter 3, l = 4: element 128 + 96 + 4
    block.qh[32 + 4] = 2 << 6;     // the same
    EXPECT_EQ(differences(BlockType::q6_k, block, zeros), (Elements{{228, 15.0f}}));
}

TEST(Q6K, ScalesAreSigned) {
    Q6_K block{.ql = {}, .qh = {}, .scales = {}, .d = to_half(0.5f)};
    block.scales[15] = -128;
    EXPECT_EQ(values_of(BlockType::q6_k, block)[255], -32 * 0.5f * -128);
}

}  // namespace
}  // namespace greenroom::kernels
