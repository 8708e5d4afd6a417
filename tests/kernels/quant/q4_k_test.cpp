#include "kernels/quant/q4_k.hpp"

#include <gtest/gtest.h>
#include <map>

#include "tests/kernels/quant/values.hpp"

namespace greenroom::kernels {
namespace {

using Elements = std::map<int, float>;

TEST(Q4K, HasItsFieldsWhereTheFormatPutsThem) {
    Q4_K zeros{.d = to_half(1), .dmin = to_half(0.5f), .scales = {}, .qs = {}};
    set_k_scale(zeros.scales, 3, {1, 4});
    set_k_scale(zeros.scales, 6, {63, 0});
    Q4_K block = zeros;
    block.qs[32 + 7] = 0xf0;   // group 3
    block.qs[96 + 31] = 0x0f;  // group 6
    EXPECT_EQ(differences(BlockType::q4_k, block, zeros),
              (Elements{{96 + 7, 15 - 2.0f}, {192 + 31, 63 * 15.0f}}));
    EXPECT_EQ(values_of(BlockType::q4_k, zeros)[96], -2.0f);
}

TEST(KScales, GiveBackWhatWasSet) {
    KScales packed{};
    for (int g = 0; g < 8; ++g) set_k_scale(packed, g, {7 * g + 3, 63 - 5 * g});
    std::uint32_t words[3];
    load_words<4>(packed.bytes, words);
    for (int g = 0; g < 8; ++g) {
        EXPECT_EQ(k_scale(words, g).scale, 7 * g + 3);
        EXPECT_EQ(k_scale(words, g).minimum, 63 - 5 * g);
    }
}

}  // namespace
}  // namespace greenroom::kernels
