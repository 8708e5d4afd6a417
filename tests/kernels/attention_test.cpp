#include "kernels/attention.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

#include "tests/support/parameters.hpp"

namespace greenroom::kernels {
namespace {

struct Shape {
    int n_heads, n_kv_heads, key_dim, value_dim;
    int first_position, n_tokens, window;
};

constexpr Shape kShapes[] = {
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

std::vector<float> normal(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> value;
    std::vector<float> out(n);
    for (float& x : out) x = value(random);
    return out;
}

// A cache with random rows and random queries.
class Case {
 public:
    Case(const Shape& shape, KvType type)
        : shape_(shape),
          n_positions_(shape.first_position + shape.n_tokens),
          q_(normal(count(shape.n_tokens, shape.n_heads, shape.key_dim), 1)),
          keys_(kv_row_bytes(type, shape.n_kv_heads * shape.key_dim) * positions()),
          values_(kv_row_bytes(type, shape.n_kv_heads * shape.value_dim) * positions()) {
        cache_ = {
            keys_.data(), values_.data(), type, shape.n_kv_heads, shape.key_dim, shape.value_dim};
        ThreadPool pool(1);
        const auto k = normal(count(n_positions_, shape.n_kv_heads, shape.key_dim), 2);
        const auto v = normal(count(n_positions_, shape.n_kv_heads, shape.value_dim), 3);
        run_on_cpu(KvStore{cache_, k.data(), v.data(), n_positions_, 0}, pool);
    }

    // (n_tokens, n_heads, value_dim) for tokens [first, first + n) of the case.
    std::vector<float> run(ThreadPool& pool, int first, int n) const {
        const std::size_t size = count(n, shape_.n_heads, shape_.value_dim);
        std::vector<float> out(size + 32, kCanary);
        const std::size_t scratch_floats = attention_scratch(cache_, shape_.n_heads, n_positions_);
        std::vector<float> scratch(scratch_floats * static_cast<std::size_t>(pool.size()) + 16,
                                   kCanary);
        run_on_cpu(Attention{.cache = cache_,
                             .q = q_.data() + count(first, shape_.n_heads, shape_.key_dim),
                             .out = out.data() + 16,
                             .n_tokens = n,
                             .n_heads = shape_.n_heads,
                             .first_position = shape_.first_position + first,
                             .window = shape_.window,
                             .scale = scale(),
                             .scratch = scratch.data()},
                   pool);
        const auto is_canary = [](float x) { return x == kCanary; };
        EXPECT_TRUE(std::all_of(out.begin(), out.begin() + 16, is_canary));
        EXPECT_TRUE(std::all_of(out.end() - 16, out.end(), is_canary));
        EXPECT_TRUE(std::all_of(scratch.end() - 16, scratch.end(), is_canary));
        return {out.begin() + 16, out.end() - 16};
    }
    std::vector<float> run(ThreadPool& pool) const { return run(pool, 0, shape_.n_tokens); }

    // One head of one token in double, and how far float may be from it.
    struct Expected {
        std::vector<double> out;
        double bound = 0;
    };
    Expected expected(int token, int head) const {
        const int kv_head = head / (shape_.n_heads / shape_.n_kv_heads);
        const float* q = q_.data() + count(token, shape_.n_heads, shape_.key_dim) +
                         count(head, shape_.key_dim, 1);
        const int end = shape_.first_position + token + 1;
        const int begin = shape_.window > 0 ? std::max(0, end - shape_.window) : 0;
        std::vector<double> scores;
        double largest = -std::numeric_limits<double>::infinity(), largest_sum = 0;
        for (int p = begin; p < end; ++p) {
            const auto key = row(cache_.keys, shape_.key_dim, p, kv_head);
            double dot = 0, absolute = 0;
            for (std::size_t i = 0; i < key.size(); ++i) {
                dot += double{q[i]} * key[i];
                absolute += std::fabs(double{q[i]} * key[i]);
            }
            scores.push_back(dot * scale());
            largest = std::max(largest, scores.back());
            largest_sum = std::max(largest_sum, absolute * scale());
        }
        Expected out{std::vector<double>(static_cast<std::size_t>(shape_.value_dim)), 0};
        double sum = 0, largest_value = 0;
        for (double& score : scores) sum += score = std::exp(score - largest);
        for (int p = begin; p < end; ++p) {
            const auto value = row(cache_.values, shape_.value_dim, p, kv_head);
            for (std::size_t i = 0; i < value.size(); ++i) {
                out.out[i] += scores[static_cast<std::size_t>(p - begin)] / sum * value[i];
                largest_value = std::max(largest_value, std::fabs(double{value[i]}));
            }
        }
        // A score of d products is off by (d + 2) half ulps of the sum of their magnitudes, which a
        // weight takes over as a relative error, with 4 ulp for exp and rescaling; an average moves
        // by twice that. Both sums of n terms add n half ulps each.
        constexpr double kHalfUlp = 0x1p-24;
        const double weight = (shape_.key_dim + 2) * kHalfUlp * largest_sum + 8 * kHalfUlp;
        out.bound = largest_value * (2 * weight + 2 * (end - begin) * kHalfUlp);
        return out;
    }

    const Shape& shape() const { return shape_; }

 private:
    static std::size_t count(int a, int b, int c) {
        return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) *
               static_cast<std::size_t>(c);
    }
    std::size_t positions() const { return static_cast<std::size_t>(n_positions_); }
    float scale() const { return 1 / std::sqrt(static_cast<float>(shape_.key_dim)); }
    std::vector<float> row(const std::byte* rows, int dim, int position, int head) const {
        std::vector<float> out(static_cast<std::size_t>(dim));
        const std::size_t at =
            count(position, cache_.n_kv_heads, 1) + static_cast<std::size_t>(head);
        const BlockFormat& format = kv_format(cache_.type);
        format.dequantize(rows + at * kv_row_bytes(cache_.type, dim),
                          static_cast<std::size_t>(dim) / format.elements,
                          out.data());
        return out;
    }

    Shape shape_;
    int n_positions_;
    std::vector<float> q_;
    std::vector<std::byte> keys_, values_;
    KvLayer cache_ = {};
};

class AttentionOnPath : public testing::TestWithParam<CpuPath> {};

TEST_P(AttentionOnPath, AgreesWithTheDefinitionWithinRounding) {
    ThreadPool pool(2, GetParam());
    for (const Shape& shape : kShapes) {
        for (const KvType type : kTypes) {
            const Case c(shape, type);
            const std::vector<float> out = c.run(pool);
            const float* at = out.data();
            for (int row = 0; row < shape.n_tokens * shape.n_heads; ++row) {
                const auto expected = c.expected(row / shape.n_heads, row % shape.n_heads);
                for (const double value : expected.out) {
                    ASSERT_NEAR(*at++, value, expected.bound)
                        << "shape " << &shape - kShapes << " row " << row;
                }
            }
        }
    }
}

TEST_P(AttentionOnPath, GivesTheSameBitsAtEveryThreadCountAndBatch) {
    ThreadPool one(1, GetParam()), three(3, GetParam());
    for (const Shape& shape : kShapes) {
        const Case c(shape, KvType::f16);
        const std::vector<float> whole = c.run(one);
        EXPECT_EQ(c.run(three), whole);
        std::vector<float> by_token;
        for (int t = 0; t < shape.n_tokens; ++t) {
            const std::vector<float> out = c.run(three, t, 1);
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
