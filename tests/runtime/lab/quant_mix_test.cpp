#include "runtime/lab/quant_mix.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

using kernels::BlockType;

int raised_downs(const QuantMix& mix, int layers) {
    int n = 0;
    for (int layer = 0; layer < layers; ++layer) {
        n += mix.type_of({MatrixRole::ffn_down, layer, layers, 8}) == BlockType::q6_k;
    }
    return n;
}

TEST(QuantMix, PlainNamesGiveOneType) {
    const auto mix = find_quant_mix("Q3_K");
    ASSERT_TRUE(mix);
    for (const auto role : {MatrixRole::embedding, MatrixRole::output, MatrixRole::ffn_down}) {
        EXPECT_EQ(mix->type_of({role, 0, 32, 8}), BlockType::q3_k);
    }
}

// Sizes in the recorded trace of a published Qwen3-30B-A3B Q4_K_M file: 24 of 48 layers have the
// wider experts.
TEST(QuantMix, HalfOfTheLayersAreRaised) {
    const auto mix = find_quant_mix("q4_k_m");
    ASSERT_TRUE(mix);
    EXPECT_EQ(raised_downs(*mix, 48), 24);
    EXPECT_EQ(raised_downs(*mix, 32), 16);
    EXPECT_EQ(mix->type_of({MatrixRole::other, 0, 32, 8}), BlockType::q4_k);
    EXPECT_EQ(mix->type_of({MatrixRole::output, 0, 32, 8}), BlockType::q6_k);
}

TEST(QuantMix, AttentionIsWiderWhereEightExpertsShareIt) {
    const auto mix = find_quant_mix("q4_k_m");
    ASSERT_TRUE(mix);
    EXPECT_EQ(mix->type_of({MatrixRole::attention_k, 5, 32, 8}), BlockType::q8_0);
    EXPECT_EQ(mix->type_of({MatrixRole::attention_k, 5, 32, 128}), BlockType::q4_k);
    EXPECT_EQ(mix->type_of({MatrixRole::attention_output, 5, 32, 8}), BlockType::q5_k);
}

TEST(QuantMix, UnknownNamesListTheKnownOnes) {
    for (const char* name : {"q4", "nvfp4", "q4_k_s", ""}) {
        const auto mix = find_quant_mix(name);
        ASSERT_FALSE(mix) << name;
        EXPECT_NE(mix.error().message.find("q4_k_m, q5_k_m, f32"), std::string::npos)
            << mix.error().message;
    }
}

}  // namespace
}  // namespace greenroom::runtime
