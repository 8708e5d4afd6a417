#include "runtime/lab/random_blocks.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

using kernels::BlockType;

std::vector<float> values(BlockType type, std::size_t n, std::uint64_t seed) {
    Random random(seed);
    const RandomBlocks blocks(type, 0.25f, random);
    const kernels::BlockFormat& format = kernels::block_format(type);
    std::vector<std::byte> bytes(n / format.elements * format.bytes);
    blocks.fill(bytes, random);
    std::vector<float> out(n);
    format.dequantize(bytes.data(), n / format.elements, out.data());
    return out;
}

// Over n values the mean strays by s / sqrt(n) and the deviation by s / sqrt(2 n); five times that
// happens once in millions, and the seed is fixed. Rounding to blocks adds at most an eighth here.
TEST(RandomBlocks, HaveTheDeviationAskedFor) {
    constexpr std::size_t kN = 1 << 17;
    for (const BlockType type :
         {BlockType::f32, BlockType::q8_0, BlockType::q4_k, BlockType::q2_k}) {
        double sum = 0, squares = 0;
        for (const float value : values(type, kN, 3)) {
            sum += value;
            squares += double{value} * value;
        }
        EXPECT_LT(std::abs(sum / kN), 5 * 0.25 / std::sqrt(double{kN}) + 0.25 / 8);
        EXPECT_NEAR(std::sqrt(squares / kN), 0.25, 0.25 / 8 + 5 * 0.25 / std::sqrt(2.0 * kN));
    }
}

TEST(RandomBlocks, AreNearTheDeviationWhereNothingQuantises) {
    constexpr std::size_t kN = 1 << 16;
    for (const BlockType type : {BlockType::iq2_xxs, BlockType::iq1_m, BlockType::tq2_0}) {
        double squares = 0;
        for (const float value : values(type, kN, 3)) squares += double{value} * value;
        const double deviation = std::sqrt(squares / kN);
        EXPECT_GT(deviation, 0.25 / 2);
        EXPECT_LT(deviation, 0.25 * 2);
    }
}

TEST(RandomBlocks, SameSeedSameBytesOtherSeedOtherBytes) {
    EXPECT_EQ(values(BlockType::q4_k, 4096, 1), values(BlockType::q4_k, 4096, 1));
    EXPECT_NE(values(BlockType::q4_k, 4096, 1), values(BlockType::q4_k, 4096, 2));
}

TEST(RandomBlocks, FillsPartsOfAUnit) {
    EXPECT_NE(values(BlockType::q8_0, 256 + 32, 1)[256 + 31], 0.0f);
}

}  // namespace
}  // namespace greenroom::runtime
