#include <bit>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "kernels/block_type.hpp"
#include "kernels/cpu/normal_form.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::kernels {
namespace {

class EveryBlockFormat : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(BlockFormats,
                         EveryBlockFormat,
                         testing::ValuesIn(tests::formats_that([](const auto&) { return true; })),
                         tests::format_name);

// F32 has none: its values are its blocks.
class ReferenceBlocks : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(BlockFormats,
                         ReferenceBlocks,
                         testing::ValuesIn(tests::formats_that([](const BlockFormat& format) {
                             return format.type != BlockType::f32;
                         })),
                         tests::format_name);

std::vector<float> dequantized(const BlockFormat& format, std::string_view blocks) {
    const std::size_t n = blocks.size() / format.bytes;
    std::vector<float> values(n * format.elements);
    format.dequantize(reinterpret_cast<const std::byte*>(blocks.data()), n, values.data());
    return values;
}

bool same_number(float a, float b) {
    return a == b || std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

TEST_P(ReferenceBlocks, HaveExactlyTheValuesOfTheReference) {
    const BlockFormat& format = GetParam();
    const std::string stem = "quants/" + std::string(format.name);
    GREENROOM_NEED_REFERENCE(blocks_path, stem + ".blocks");
    GREENROOM_NEED_REFERENCE(values_path, stem + ".f32");
    const std::string blocks = tests::slurp(blocks_path), bytes = tests::slurp(values_path);
    std::vector<float> expected(bytes.size() / sizeof(float));
    std::memcpy(expected.data(), bytes.data(), bytes.size());

    const std::vector<float> values = dequantized(format, blocks);

    ASSERT_EQ(blocks.size() % format.bytes, 0u);
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_TRUE(same_number(values[i], expected[i]))
            << "value " << i << ": " << values[i] << ", expected " << expected[i];
    }
}

// A scale of NaN, infinity, zero, the smallest subnormal, the largest number: whatever the bytes
// are, they are values. The sanitizers watch.
TEST_P(EveryBlockFormat, ReadsAnyBytes) {
    const BlockFormat& format = GetParam();
    for (const int fill : {0x00, 0x01, 0x7c, 0x7e, 0x7f, 0x80, 0xaa, 0xfe, 0xff}) {
        const std::string blocks(3 * format.bytes, static_cast<char>(fill));
        EXPECT_EQ(dequantized(format, blocks).size(), 3 * format.elements);
    }
    constexpr unsigned kSeed = 1;
    std::mt19937 random(kSeed);
    for (int round = 0; round < 100; ++round) {
        std::string blocks(format.bytes, '\0');
        for (char& byte : blocks) byte = static_cast<char>(random());
        EXPECT_EQ(dequantized(format, blocks).size(), format.elements) << "seed " << kSeed;
    }
}

TEST_P(EveryBlockFormat, ReadsBlocksAtAnyAddress) {
    const BlockFormat& format = GetParam();
    const std::string blocks(2 * format.bytes, '\x35');
    const std::string moved = "x" + blocks;
    EXPECT_EQ(dequantized(format, blocks), dequantized(format, std::string_view(moved).substr(1)));
}

class EveryQuantizer : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(BlockFormats,
                         EveryQuantizer,
                         testing::ValuesIn(tests::formats_that([](const BlockFormat& format) {
                             return format.quantize != nullptr;
                         })),
                         tests::format_name);

std::vector<float> quantized(const BlockFormat& format, const std::vector<float>& x) {
    std::string blocks(x.size() / format.elements * format.bytes, '\xff');
    format.quantize(
        x.data(), x.size() / format.elements, reinterpret_cast<std::byte*>(blocks.data()));
    return dequantized(format, blocks);
}

TEST_P(EveryQuantizer, KeepsZeros) {
    const BlockFormat& format = GetParam();
    const std::vector<float> zeros(2 * format.elements, 0.0f);
    EXPECT_EQ(quantized(format, zeros), zeros);
}

TEST_P(EveryQuantizer, TakesWhatIsNoNumberWithoutHarm) {
    const BlockFormat& format = GetParam();
    for (const float value : {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-45f}) {
        std::vector<float> x(format.elements, 0.0f);
        EXPECT_EQ(quantized(format, std::vector<float>(format.elements, value)).size(), x.size());
        x[0] = value;
        EXPECT_EQ(quantized(format, x).size(), x.size());
    }
}

// How far a quantiser may be off, from its method. All choose the nearest of the values that the
// stored scales allow, so the error has three parts:
// - within the range: `reach` steps of the group (a half between neighbours; more where the last
//   value is missing on one side, as the range -8 to 7 lacks +8, or where values lie further
//   apart);
// - at the ends of the range: the error of the group's scale, times the largest integer;
// - the error of the offset.
// A scale is off by d / 2 where it is a multiple of d (with a sign: by d, as 32 becomes 31), and by
// 2^-11 of itself because d is an f16; offsets likewise.
struct Rounding {
    BlockType type;
    double reach;
    int largest;   // integer of an element
    int most = 0;  // multiples of d; 0: the scale is d itself
    bool is_signed = false;
};

void expect_rounded(const Rounding& rule, const std::vector<float>& x) {
    const BlockFormat& format = block_format(rule.type);
    const NormalForm& form = *find_normal_form(rule.type);
    std::string blocks(x.size() / format.elements * format.bytes, '\0');
    auto* bytes = reinterpret_cast<std::byte*>(blocks.data());
    format.quantize(x.data(), x.size() / format.elements, bytes);
    const std::vector<float> values = dequantized(format, blocks);
    constexpr double kHalf = 0x1p-11 * 1.001;
    NormalBlock block;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t in_block = i % format.elements;
        if (in_block == 0) form.unpack(bytes + i / format.elements * format.bytes, 0, block);
        const std::size_t g = in_block / NormalBlock::kGroup;
        const double d = std::abs(block.d), m = std::abs(block.m);
        const double step = d * std::abs(block.scale[g]);
        double scale = step * kHalf, offset = m * block.offset[g] * kHalf;
        if (rule.most > 0) {
            scale = d * ((rule.is_signed ? 1 : 0.5) + rule.most * kHalf);
            offset = m * (0.5 + rule.most * kHalf);
        }
        const double bound = rule.reach * step + rule.largest * scale + offset;
        // A millionth for the float arithmetic of the quantiser itself.
        ASSERT_LE(std::abs(double{values[i]} - x[i]), bound * (1 + 1e-6))
            << format.name << ", element " << i;
    }
}

TEST(BlockFormats, QuantizersRoundToNearest) {
    constexpr unsigned kSeed = 7;
    std::mt19937 random(kSeed);
    std::normal_distribution<float> normal(0.01f, 0.05f);
    std::vector<float> x(64 * 256);
    for (float& value : x) value = normal(random);
    for (const Rounding& rule : {Rounding{BlockType::q4_0, 1, 8},
                                 Rounding{BlockType::q4_1, 0.5, 15},
                                 Rounding{BlockType::q5_0, 1, 16},
                                 Rounding{BlockType::q5_1, 0.5, 31},
                                 Rounding{BlockType::q8_0, 0.5, 127},
                                 Rounding{BlockType::q2_k, 0.5, 3, 15},
                                 Rounding{BlockType::q3_k, 1, 4, 32, true},
                                 Rounding{BlockType::q4_k, 0.5, 15, 63},
                                 Rounding{BlockType::q5_k, 0.5, 31, 63},
                                 Rounding{BlockType::q6_k, 1, 32, 128, true},
                                 Rounding{BlockType::iq4_nl, 14, 127},
                                 Rounding{BlockType::iq4_xs, 14, 127, 32, true},
                                 Rounding{BlockType::mxfp4, 4, 16}}) {
        SCOPED_TRACE(testing::Message() << "seed " << kSeed);
        expect_rounded(rule, x);
    }
}

TEST(BlockFormats, UnknownIdsHaveNone) {
    for (const std::uint32_t id : {4u, 5u, 31u, 36u, 38u, 99u, 137u, 0xffffffffu}) {
        EXPECT_EQ(find_block_format(id), nullptr) << id;
    }
    EXPECT_EQ(find_block_format(9), nullptr) << "Q8_1 is for activations alone";
}

TEST(BlockFormats, AreFoundByIdAndByType) {
    for (const BlockFormat& format : block_formats()) {
        EXPECT_EQ(&block_format(format.type), &format);
        EXPECT_EQ(find_block_format(static_cast<std::uint32_t>(format.type)), &format);
    }
}

}  // namespace
}  // namespace greenroom::kernels
