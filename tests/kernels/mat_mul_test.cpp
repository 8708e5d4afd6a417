#include "kernels/mat_mul.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/repack.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::Blocks;
using tests::Weights;

constexpr std::uint64_t kSeed = 20261125;

bool has_integers(const BlockFormat& format) {
    return find_normal_form(format.type) != nullptr;
}

class MatMulOnIntegers : public testing::TestWithParam<BlockFormat> {
 protected:
    BlockType type() const { return GetParam().type; }
    // Rows of an odd number of blocks, of less than a run, of several runs.
    std::vector<std::int64_t> widths() const {
        if (GetParam().elements == 256) return {256, 768};
        return {GetParam().elements, GetParam().elements * 3, 512 + GetParam().elements};
    }
};
INSTANTIATE_TEST_SUITE_P(Types,
                         MatMulOnIntegers,
                         testing::ValuesIn(tests::formats_that(has_integers)),
                         tests::format_name);

class MatMulOnFloats : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(Types,
                         MatMulOnFloats,
                         testing::ValuesIn(tests::formats_that([](const BlockFormat& format) {
                             return !has_integers(format);
                         })),
                         tests::format_name);

// The same bits on every path, in either layout, for any number of rows and tokens.
TEST_P(MatMulOnIntegers, EqualsThePlainTwin) {
    ThreadPool plain(1, CpuPath::plain);
    for (const std::int64_t cols : widths()) {
        for (const auto& [rows, n_tokens] : {std::pair<std::int64_t, std::int64_t>{1, 1},
                                             {16, 1},
                                             {35, 1},
                                             {16, 2},
                                             {7, 3},
                                             {80, 12},
                                             {33, 13},
                                             {130, 27}}) {
            const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed + 1);
            for (const Blocks kind : {Blocks::ordinary, Blocks::random}) {
                const Weights w(type(), rows, cols, kind, kSeed);
                const auto expected = tests::multiply({w.matrix(), x, n_tokens}, plain);
                for (const CpuPath path : available_cpu_paths()) {
                    ThreadPool pool(2, path);
                    const std::string where = std::string(name(path)) + " " + std::to_string(rows) +
                                              "x" + std::to_string(cols) + " by " +
                                              std::to_string(n_tokens);
                    EXPECT_EQ(0,
                              tests::count_differences(
                                  expected, tests::multiply({w.matrix(), x, n_tokens}, pool)))
                        << where;
                    if (preferred_layout(type(), path) != Layout::panels) continue;
                    const Weights packed = w.packed(pool);
                    EXPECT_EQ(0,
                              tests::count_differences(
                                  expected, tests::multiply({packed.matrix(), x, n_tokens}, pool)))
                        << where << " in panels";
                    EXPECT_EQ(0,
                              tests::count_differences(
                                  expected, tests::multiply({packed.matrix(), x, n_tokens}, plain)))
                        << where << " in panels, plain";
                }
            }
        }
    }
}

// A thread that has several panels takes them in turn: an even and an odd number, and rows left
// over.
TEST_P(MatMulOnIntegers, EqualsThePlainTwinOnManyPanelsOfOneThread) {
    ThreadPool plain(1, CpuPath::plain);
    for (const std::int64_t cols : widths()) {
        const std::vector<float> x = tests::normal_values(cols, kSeed + 1);
        for (const std::int64_t rows : {64, 83}) {
            const Weights w(type(), rows, cols, Blocks::random, kSeed);
            const auto expected = tests::multiply({w.matrix(), x, 1}, plain);
            for (const CpuPath path : available_cpu_paths()) {
                ThreadPool pool(1, path);
                if (preferred_layout(type(), path) != Layout::panels) continue;
                EXPECT_EQ(0,
                          tests::count_differences(
                              expected, tests::multiply({w.packed(pool).matrix(), x, 1}, pool)))
                    << name(path) << " " << rows << "x" << cols;
            }
        }
    }
}

TEST_P(MatMulOnIntegers, EqualsThePlainTwinOnExtremeBlocksAndActivations) {
    ThreadPool plain(1, CpuPath::plain);
    const std::int64_t cols = widths().back(), rows = 32, n_tokens = 5;
    std::vector<float> x(static_cast<std::size_t>(n_tokens * cols), 1);  // all at the largest value
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::int64_t t = static_cast<std::int64_t>(i) / cols;
        if (t == 1) x[i] = -1;
        if (t == 2) x[i] = i % 2 == 0 ? 1 : -1;
        if (t == 3) x[i] = 1e-41F;  // subnormal
        if (t == 4) x[i] = i % 7 == 0 ? 3e38F : -1e-30F;
    }
    for (const Blocks kind : {Blocks::zeros, Blocks::ones, Blocks::signs}) {
        const Weights w(type(), rows, cols, kind, kSeed);
        const auto expected = tests::multiply({w.matrix(), x, n_tokens}, plain);
        for (const CpuPath path : available_cpu_paths()) {
            ThreadPool pool(1, path);
            EXPECT_EQ(0,
                      tests::count_differences(expected,
                                               tests::multiply({w.matrix(), x, n_tokens}, pool)))
                << name(path);
        }
    }
}

// The result of a token depends neither on the batch it is in nor on the number of threads.
TEST_P(MatMulOnIntegers, DependsOnNothingButRowAndToken) {
    const std::int64_t cols = widths().back(), rows = 200, n_tokens = 31;
    const Weights w(type(), rows, cols, Blocks::random, kSeed);
    const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
    for (const CpuPath path : available_cpu_paths()) {
        ThreadPool pool(1, path);
        const auto batch = tests::multiply({w.matrix(), x, n_tokens}, pool);
        for (const int threads : {2, 5}) {
            ThreadPool more(threads, path);
            EXPECT_EQ(
                0,
                tests::count_differences(batch, tests::multiply({w.matrix(), x, n_tokens}, more)));
        }
        for (const std::int64_t t : {0, 11, 30}) {
            const std::vector<float> token(x.begin() + t * cols, x.begin() + (t + 1) * cols);
            const auto alone = tests::multiply({w.matrix(), token, 1}, pool);
            const std::vector<float> in_batch(batch.begin() + t * rows,
                                              batch.begin() + (t + 1) * rows);
            EXPECT_EQ(0, tests::count_differences(alone, in_batch)) << "token " << t;
        }
    }
}

// Rounding moves an activation by at most half a step, and its scale by 2 ulp; then two fused
// multiply-adds for each block round, on sums of no more than the sum of all magnitudes.
TEST_P(MatMulOnIntegers, StaysWithinTheRoundingOfActivations) {
    ThreadPool pool(1, CpuPath::plain);
    const std::int64_t cols = 768, rows = 16, n_tokens = 3;
    const Weights w(type(), rows, cols, Blocks::ordinary, kSeed);
    const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
    const std::vector<float> values = w.values();
    const auto y = tests::multiply({w.matrix(), x, n_tokens}, pool);
    const NormalForm& form = *find_normal_form(type());
    for (std::int64_t t = 0; t < n_tokens; ++t) {
        for (std::int64_t r = 0; r < rows; ++r) {
            double exact = 0, bound = 0;
            for (std::int64_t c = 0; c < cols; ++c) {
                const double a = values[static_cast<std::size_t>(r * cols + c)];
                float most = 0;
                const std::int64_t first = c - c % form.rounding;
                for (std::int64_t i = first; i < first + form.rounding; ++i) {
                    most = std::max(most, std::abs(x[static_cast<std::size_t>(t * cols + i)]));
                }
                const double b = x[static_cast<std::size_t>(t * cols + c)];
                exact += a * b;
                const double n_steps = 3 * static_cast<double>(cols) / form.columns + 8;
                // An offset adds and takes away: the parts of a value can be larger than it.
                const double magnitude = 4 * std::abs(a) + (form.has_offset ? 16 : 0);
                bound += std::abs(a) * most / 254 * 1.001 + n_steps * 0x1p-24 * magnitude * most;
            }
            EXPECT_NEAR(y[static_cast<std::size_t>(t * rows + r)], exact, bound);
        }
    }
}

TEST_P(MatMulOnIntegers, MakesNanOfATokenThatHoldsOne) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    const std::int64_t cols = 768, rows = 20;
    const Weights w(type(), rows, cols, Blocks::zeros, kSeed);
    for (const float bad : {std::nanf(""), kInf, -kInf}) {
        std::vector<float> x = tests::normal_values(3 * cols, kSeed);
        x[static_cast<std::size_t>(cols + 300)] = bad;
        for (const CpuPath path : available_cpu_paths()) {
            ThreadPool pool(1, path);
            const auto y = tests::multiply({w.matrix(), x, 3}, pool);
            for (std::size_t i = 0; i < y.size(); ++i) {
                EXPECT_EQ(std::isnan(y[i]), i / rows == 1) << name(path) << " " << i;
            }
        }
    }
}

// A fused multiply-add for each column and lane, then four additions.
void expect_float_products(const Weights& w, CpuPath path, std::int64_t n_tokens) {
    const std::int64_t rows = w.matrix().rows, cols = w.matrix().cols;
    const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
    const std::vector<float> values = w.values();
    ThreadPool pool(2, path), plain(1, CpuPath::plain);
    const auto y = tests::multiply({w.matrix(), x, n_tokens, Arithmetic::exact}, pool);
    EXPECT_EQ(0,
              tests::count_differences(
                  y, tests::multiply({w.matrix(), x, n_tokens, Arithmetic::exact}, plain)));
    for (std::int64_t t = 0; t < n_tokens; ++t) {
        for (std::int64_t r = 0; r < rows; ++r) {
            double exact = 0, magnitude = 0;
            for (std::int64_t c = 0; c < cols; ++c) {
                const double term = double{values[static_cast<std::size_t>(r * cols + c)]} *
                                    x[static_cast<std::size_t>(t * cols + c)];
                exact += term;
                magnitude += std::abs(term);
            }
            const double bound = (static_cast<double>(cols) / 16 + 5) * 0x1p-24 * magnitude;
            EXPECT_NEAR(y[static_cast<std::size_t>(t * rows + r)], exact, bound);
        }
    }
}

TEST_P(MatMulOnIntegers, ExactKeepsActivationsInFloat) {
    for (const CpuPath path : available_cpu_paths()) {
        expect_float_products(Weights(type(), 19, 768, Blocks::ordinary, kSeed), path, 3);
    }
}

TEST_P(MatMulOnFloats, MultipliesInFloat) {
    for (const std::int64_t cols : {1, 15, 16, 33, 1000}) {
        for (const CpuPath path : available_cpu_paths()) {
            for (const std::int64_t n_tokens : {1, 3}) {
                expect_float_products(
                    Weights(GetParam().type, 19, cols, Blocks::ordinary, kSeed), path, n_tokens);
            }
        }
    }
}

// More than are started together, of different types and sizes, one of them without rows.
TEST(MatMul, SeveralAtOnceGiveTheBitsOfEachAlone) {
    const std::int64_t cols = 256;
    constexpr BlockType kTypes[] = {BlockType::q4_k, BlockType::q8_0, BlockType::f32};
    for (const std::int64_t n_tokens : {1, 9}) {
        const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
        ThreadPool pool(3);
        Activations activations(Arithmetic::fast);
        activations.assign(x.data(), n_tokens, cols);
        std::vector<Weights> weights;
        std::vector<std::vector<float>> results;
        for (std::int64_t i = 0; i < 11; ++i) {
            weights.emplace_back(kTypes[i % 3], 1 + 37 * i, cols, Blocks::ordinary, kSeed + 1);
            results.emplace_back(static_cast<std::size_t>((1 + 37 * i) * n_tokens));
        }
        Matrix empty = weights[0].matrix();
        empty.rows = 0;
        std::vector<MatMul> ops = {{empty, activations, nullptr}};
        for (std::size_t i = 0; i < weights.size(); ++i) {
            ops.push_back({weights[i].matrix(), activations, results[i].data()});
        }
        run_on_cpu(ops, pool);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto alone = tests::multiply({weights[i].matrix(), x, n_tokens}, pool);
            EXPECT_EQ(0, tests::count_differences(alone, results[i])) << i;
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
