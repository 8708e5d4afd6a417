// A cache of random keys and values with random queries, and what attention over them is, in
// double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "kernels/attention.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::tests {

struct AttentionShape {
    int n_heads, n_kv_heads, key_dim, value_dim;
    int first_position, n_tokens, window;
};

class AttentionCase {
 public:
    AttentionCase(const AttentionShape& shape, kernels::KvType type)
        : shape_(shape),
          type_(type),
          q_(normal(count(shape.n_tokens, shape.n_heads, shape.key_dim), 1)),
          keys_(kernels::kv_row_bytes(type, shape.n_kv_heads * shape.key_dim) * positions()),
          values_(kernels::kv_row_bytes(type, shape.n_kv_heads * shape.value_dim) * positions()) {
        kernels::ThreadPool pool(1);
        const auto k = normal(count(n_positions(), shape.n_kv_heads, shape.key_dim), 2);
        const auto v = normal(count(n_positions(), shape.n_kv_heads, shape.value_dim), 3);
        run_on_cpu(
            kernels::KvStore{
                cache(keys_.data(), values_.data()), k.data(), v.data(), n_positions(), 0},
            pool);
    }

    // Attention of the tokens [first, first + n), with memory that holds what this holds: the
    // layer's keys and values, and the queries of all tokens.
    kernels::Attention op(const kernels::KvLayer& layer, const float* q, int first, int n) const {
        return {.cache = layer,
                .q = q + count(first, shape_.n_heads, shape_.key_dim),
                .out = nullptr,
                .n_tokens = n,
                .n_heads = shape_.n_heads,
                .first_position = shape_.first_position + first,
                .window = shape_.window,
                .scale = scale(),
                .scratch = nullptr};
    }
    kernels::KvLayer cache(std::byte* keys, std::byte* values) const {
        return {keys, values, type_, shape_.n_kv_heads, shape_.key_dim, shape_.value_dim};
    }
    std::size_t out_floats(int n_tokens) const {
        return count(n_tokens, shape_.n_heads, shape_.value_dim);
    }
    int n_positions() const { return shape_.first_position + shape_.n_tokens; }
    const AttentionShape& shape() const { return shape_; }
    const std::vector<float>& q() const { return q_; }
    std::vector<std::byte>& keys() { return keys_; }
    std::vector<std::byte>& values() { return values_; }

    // One head of one token, and what bounds are made of.
    struct Expected {
        std::vector<double> out;
        int n_seen = 0;
        double largest_sum = 0;  // of the magnitudes of a score's products
        double largest_value = 0;
    };
    Expected expected(int token, int head) const {
        const int kv_head = head / (shape_.n_heads / shape_.n_kv_heads);
        const int end = shape_.first_position + token + 1;
        const int begin = shape_.window > 0 ? std::max(0, end - shape_.window) : 0;
        Expected out{std::vector<double>(static_cast<std::size_t>(shape_.value_dim)), end - begin};
        std::vector<double> scores;
        double largest = -std::numeric_limits<double>::infinity(), sum = 0;
        for (int p = begin; p < end; ++p) {
            scores.push_back(score(token, head, row(keys_, shape_.key_dim, p, kv_head), out));
            largest = std::max(largest, scores.back());
        }
        for (double& score : scores) sum += score = std::exp(score - largest);
        for (int p = begin; p < end; ++p) {
            const auto value = row(values_, shape_.value_dim, p, kv_head);
            for (std::size_t i = 0; i < value.size(); ++i) {
                out.out[i] += scores[static_cast<std::size_t>(p - begin)] / sum * value[i];
                out.largest_value = std::max(out.largest_value, std::fabs(double{value[i]}));
            }
        }
        return out;
    }

 private:
    static std::size_t count(int a, int b, int c) {
        return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) *
               static_cast<std::size_t>(c);
    }
    std::size_t positions() const { return static_cast<std::size_t>(n_positions()); }
    float scale() const { return 1 / std::sqrt(static_cast<float>(shape_.key_dim)); }
    double score(int token, int head, const std::vector<float>& key, Expected& out) const {
        const float* q = q_.data() + count(token, shape_.n_heads, shape_.key_dim) +
                         count(head, shape_.key_dim, 1);
        double dot = 0, absolute = 0;
        for (std::size_t i = 0; i < key.size(); ++i) {
            dot += double{q[i]} * key[i];
            absolute += std::fabs(double{q[i]} * key[i]);
        }
        out.largest_sum = std::max(out.largest_sum, absolute * scale());
        return dot * scale();
    }
    std::vector<float> row(const std::vector<std::byte>& rows,
                           int dim,
                           int position,
                           int head) const {
        std::vector<float> out(static_cast<std::size_t>(dim));
        const std::size_t at =
            count(position, shape_.n_kv_heads, 1) + static_cast<std::size_t>(head);
        const kernels::BlockFormat& format = kernels::kv_format(type_);
        format.dequantize(rows.data() + at * kernels::kv_row_bytes(type_, dim),
                          static_cast<std::size_t>(dim) / format.elements,
                          out.data());
        return out;
    }

    AttentionShape shape_;
    kernels::KvType type_;
    std::vector<float> q_;
    std::vector<std::byte> keys_, values_;
};

}  // namespace greenroom::tests
