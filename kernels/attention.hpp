// Causal grouped-query attention over a KV cache in f32, f16 or q8_0.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/block_type.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

enum class KvType { f32, f16, q8_0 };

// How a row of keys or values lies in memory.
const BlockFormat& kv_format(KvType type);

// Bytes of one row of `n` values; n must be a multiple of 32 for q8_0.
std::size_t kv_row_bytes(KvType type, std::int64_t n);

// The keys and values of one layer: (capacity, n_kv_heads * head_dim) each, position by position.
struct KvLayer {
    std::byte* keys;
    std::byte* values;
    KvType type;
    int n_kv_heads, key_dim, value_dim;
};

// Writes rows for positions [first_position, first_position + n_tokens).
struct KvStore {
    KvLayer cache;
    const float* keys;    // (n_tokens, n_kv_heads * key_dim)
    const float* values;  // (n_tokens, n_kv_heads * value_dim)
    int n_tokens, first_position;
};
void run_on_cpu(const KvStore& op, ThreadPool& pool);

// out[t][h] = softmax(scale * q[t][h] . K) V over positions <= first_position + t, and not further
// back than `window` positions, the own one counted (0: no window).
struct Attention {
    KvLayer cache;
    const float* q;  // (n_tokens, n_heads, key_dim)
    float* out;      // (n_tokens, n_heads, value_dim)
    int n_tokens, n_heads, first_position;
    int window = 0;
    float scale;
    float* scratch;  // (threads, attention_scratch(op) floats)
};
std::size_t attention_scratch(const KvLayer& cache, int n_heads, int n_positions);
void run_on_cpu(const Attention& op, ThreadPool& pool);

}  // namespace greenroom::kernels
