#include "kernels/repack.hpp"

#include <gtest/gtest.h>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/mat_mul.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::Blocks;
using tests::Weights;

constexpr std::uint64_t kSeed = 171;

class Repack : public testing::TestWithParam<BlockFormat> {
 protected:
    BlockType type() const { return GetParam().type; }
    // 37 rows: two panels and five rows that stay as they are. An odd number of blocks.
    Weights rows() const {
        return Weights(type(), 37, 3 * GetParam().elements, Blocks::random, kSeed);
    }
};
INSTANTIATE_TEST_SUITE_P(Types,
                         Repack,
                         testing::ValuesIn(tests::formats_that([](const BlockFormat& format) {
                             return find_normal_form(format.type) != nullptr;
                         })),
                         tests::format_name);

TEST_P(Repack, KeepsEveryValueInAsManyBytes) {
    ThreadPool pool(2);
    const Weights w = rows(), packed = w.packed(pool);
    EXPECT_EQ(packed.matrix().layout, Layout::panels);
    EXPECT_EQ(packed.matrix().bytes(), w.matrix().bytes());
    EXPECT_EQ(0, tests::count_differences(w.values(), packed.values()));
}

TEST_P(Repack, APartThatBeginsWithAPanelIsAMatrix) {
    ThreadPool pool(2);
    const Weights w = rows(), packed = w.packed(pool);
    const Matrix part = packed.matrix().slice(16, 21);
    std::vector<float> row(static_cast<std::size_t>(part.cols)), same(row);
    for (const std::int64_t r : {0, 15, 16, 20}) {
        dequantize_row(w.matrix(), 16 + r, row.data());
        dequantize_row(part, r, same.data());
        EXPECT_EQ(0, tests::count_differences(row, same)) << "row " << r;
    }
}

TEST_P(Repack, DoesNotDependOnTheThreads) {
    ThreadPool one(1), three(3);
    const Weights w = rows(), a = w.packed(one), b = w.packed(three);
    EXPECT_TRUE(std::equal(a.matrix().data, a.matrix().data + a.matrix().bytes(), b.matrix().data));
}

TEST_P(Repack, ThePlainPathReadsRows) {
    EXPECT_EQ(preferred_layout(type(), CpuPath::plain), Layout::rows);
}

TEST(RepackDeathTest, TakesNoMatrixTwice) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    ThreadPool pool(1);
    const Weights packed = Weights(BlockType::q8_0, 16, 32, Blocks::zeros, 1).packed(pool);
    EXPECT_DEATH(packed.packed(pool), "to_panels: not a matrix in rows");
}

}  // namespace
}  // namespace greenroom::kernels
