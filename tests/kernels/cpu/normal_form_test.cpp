#include "kernels/cpu/normal_form.hpp"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/parameters.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::kernels {
namespace {

bool has_normal_form(const BlockFormat& format) {
    return find_normal_form(format.type) != nullptr;
}

class EveryType : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(NormalForm,
                         EveryType,
                         testing::ValuesIn(tests::formats_that(has_normal_form)),
                         tests::format_name);

// The reference rounds d * scale, times q, m * offset, and their difference: four roundings, each
// of at most 2^-24 of a term.
TEST_P(EveryType, HasTheValuesOfTheReference) {
    const BlockFormat& c = GetParam();
    GREENROOM_NEED_REFERENCE(blocks_path, "quants/" + std::string(c.name) + ".blocks");
    GREENROOM_NEED_REFERENCE(values_path, "quants/" + std::string(c.name) + ".f32");
    const std::string blocks = tests::slurp(blocks_path), bytes = tests::slurp(values_path);
    std::vector<float> expected(bytes.size() / sizeof(float));
    std::memcpy(expected.data(), bytes.data(), bytes.size());
    const NormalForm& form = *find_normal_form(c.type);
    const std::size_t n = blocks.size() / c.bytes * static_cast<std::size_t>(form.parts);
    ASSERT_EQ(expected.size(), n * static_cast<std::size_t>(form.columns));
    NormalBlock block;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const int column = static_cast<int>(i % static_cast<std::size_t>(form.columns));
        const std::size_t b = i / static_cast<std::size_t>(form.columns);
        if (column == 0) {
            const auto parts = static_cast<std::size_t>(form.parts);
            form.unpack(reinterpret_cast<const std::byte*>(blocks.data()) + b / parts * c.bytes,
                        static_cast<int>(b % parts),
                        block);
        }
        const int g = column / NormalBlock::kGroup;
        const double product = double{block.d} * block.scale[g] * block.q[column];
        const double offset = double{block.m} * block.offset[g];
        const double bound = 4 * 0x1p-24 * (std::abs(product) + std::abs(offset));
        ASSERT_LE(std::abs(product + offset - double{expected[i]}), bound) << "value " << i;
    }
}

// What the 32-bit sums of the products rely on.
TEST_P(EveryType, ScaledValuesStayBelowSixteenBits) {
    const NormalForm& form = *find_normal_form(GetParam().type);
    for (const int fill : {0x00, 0xff, 0x80, 0x7f, 0x88, 0x08}) {
        const std::vector<std::byte> bytes(GetParam().bytes, static_cast<std::byte>(fill));
        NormalBlock block;
        form.unpack(bytes.data(), 0, block);
        for (int c = 0; c < form.columns; ++c) {
            EXPECT_LT(std::abs(block.scale[c / NormalBlock::kGroup] * block.q[c]), 1 << 16);
        }
    }
}

TEST(NormalForm, IsAbsentForFloatsAlone) {
    for (const BlockFormat& format : block_formats()) {
        const bool is_float = format.elements == 1;
        EXPECT_EQ(find_normal_form(format.type) == nullptr, is_float) << format.name;
    }
}

}  // namespace
}  // namespace greenroom::kernels
