#include "kernels/attention.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "tests/support/attention_case.hpp"
#include "tests/support/parameters.hpp"

namespace greenroom::kernels {
namespace {

using tests::AttentionCase;
using tests::AttentionShape;

constexpr AttentionShape kShapes[] = {
    {1, 1, 32, 32, 0, 1, 0},       // one position
    {4, 2, 32, 32, 0, 7, 0},       // less than a block
    {8, 2, 64, 64, 60, 9, 0},      // across the edge of a block
    {8, 1, 128, 96, 200, 1, 0},    // decode, keys and values of different length
    {4, 4, 32, 64, 0, 130, 0},     // every query has its own keys
    {48, 1, 32, 32, 100, 2, 0},    // more queries than a tile
    {4, 2, 32, 32, 300, 5, 50},    // a window that has left its first blocks
    {2, 1, 32, 32, 2100, 1, 0},    // decode over three segments
    {2, 1, 32, 32, 1000, 40, 0},   // prefill across the edge of a segment
    {2, 1, 32, 32, 1500, 1, 100},  // a window inside one segment
};
constexpr KvType kTypes[] = {KvType::f32, KvType::f16, KvType::q8_0};
constexpr float kCanary = 12345;

// (n, n_heads, value_dim) for tokens [first, first + n) of the case.
std::vector<float> run(AttentionCase& c, ThreadPool& pool, int first, int n) {
    std::vector<float> out(c.out_floats(n) + 32, kCanary);
    const KvLayer cache = c.cache(c.keys().data(), c.values().data());
    const std::size_t scratch_floats = attention_scratch(cache, c.shape().n_heads, c.n_positions());
    std::vector<float> scratch(scratch_floats * static_cast<std::size_t>(pool.size()) + 16,
                               kCanary);
    Attention op = c.op(cache, c.q().data(), first, n);
    op.out = out.data() + 16;
    op.scratch = scratch.data();
    run_on_cpu(op, pool);
    const auto is_canary = [](float x) { return x == kCanary; };
    EXPECT_TRUE(std::all_of(out.begin(), out.begin() + 16, is_canary));
    EXPECT_TRUE(std::all_of(out.end() - 16, out.end(), is_canary));
    EXPECT_TRUE(std::all_of(scratch.end() - 16, scratch.end(), is_canary));
    return {out.begin() + 16, out.end() - 16};
}
std::vector<float> run(AttentionCase& c, ThreadPool& pool) {
    return run(c, pool, 0, c.shape().n_tokens);
}

// A score of d products is off by (d + 2) half ulps of the sum of their magnitudes, which a weight
// takes over as a relative error, with 4 ulp for exp and rescaling; an average moves by twice that.
// Both sums of n terms add n half ulps each.
double bound_of(const AttentionCase& c, const AttentionCase::Expected& expected) {
    constexpr double kHalfUlp = 0x1p-24;
    const double weight = (c.shape().key_dim + 2) * kHalfUlp * expected.largest_sum + 8 * kHalfUlp;
    return expected.largest_value * (2 * weight + 2 * expected.n_seen * kHalfUlp);
}

class AttentionOnPath : public testing::TestWithParam<CpuPath> {};

TEST_P(AttentionOnPath, AgreesWithTheDefinitionWithinRounding) {
    ThreadPool pool(2, GetParam());
    for (const AttentionShape& shape : kShapes) {
        for (const KvType type : kTypes) {
            AttentionCase c(shape, type);
            const std::vector<float> out = run(c, pool);
            const float* at = out.data();
            for (int row = 0; row < shape.n_tokens * shape.n_heads; ++row) {
                const auto expected = c.expected(row / shape.n_heads, row % shape.n_heads);
                for (const double value : expected.out) {
                    ASSERT_NEAR(*at++, value, bound_of(c, expected))
                        << "shape " << &shape - kShapes << " row " << row;
                }
            }
        }
    }
}

TEST_P(AttentionOnPath, GivesTheSameBitsAtEveryThreadCountAndBatch) {
    ThreadPool one(1, GetParam()), three(3, GetParam());
    for (const AttentionShape& shape : kShapes) {
        AttentionCase c(shape, KvType::f16);
        const std::vector<float> whole = run(c, one);
        EXPECT_EQ(run(c, three), whole);
        std::vector<float> by_token;
        for (int t = 0; t < shape.n_tokens; ++t) {
            const std::vector<float> out = run(c, three, t, 1);
            by_token.insert(by_token.end(), out.begin(), out.end());
        }
        EXPECT_EQ(by_token, whole) << "shape " << &shape - kShapes;
    }
}

INSTANTIATE_TEST_SUITE_P(Paths,
                         AttentionOnPath,
                         testing::ValuesIn(available_cpu_paths().begin(),
                                           available_cpu_paths().end()),
                         tests::path_name);

}  // namespace
}  // namespace greenroom::kernels
