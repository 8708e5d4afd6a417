#include "kernels/quant/q5_k.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q5K, HasItsFieldsWhereTheFormatPutsThem) {
    Q5_K zeros{.d = to_half(1), .dmin = to_half(0.5f), .scales = {}, .qh = {}, .qs = {}};
    set_k_scale(zeros.scales, 5, {2, 6});
    Q5_K block = zeros;
    block.qh[9] = 1 << 5;
    block.qs[64 + 9] = 0x30;  // group 5
    EXPECT_EQ(differences(BlockType::q5_k, block, zeros), (Elements{{160 + 9, 2 * 19 - 3.0f}}));
}

}  // namespace
}  // namespace greenroom::kernels
