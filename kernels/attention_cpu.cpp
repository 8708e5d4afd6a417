#include <algorithm>
#include <cmath>

#include "kernels/attention.hpp"
#include "kernels/cpu/attention_plan.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

// Positions [begin, end) that the query of token `t` sees.
struct Span {
    int begin, end;
};

Span seen_by(const Attention& op, int t) {
    const int end = op.first_position + t + 1;
    return {op.window > 0 ? std::max(0, end - op.window) : 0, end};
}

// One key or value of one head in float.
void load(
    const KvLayer& cache, const std::byte* rows, int dim, int position, int head, float* out) {
    const BlockFormat& format = kv_format(cache.type);
    const std::size_t head_bytes = kv_row_bytes(cache.type, dim);
    const auto row =
        static_cast<std::size_t>(position) * static_cast<std::size_t>(cache.n_kv_heads);
    format.dequantize(rows + (row + static_cast<std::size_t>(head)) * head_bytes,
                      static_cast<std::size_t>(dim) / format.elements,
                      out);
}

// scores[i] = exp(scale * q . K[i] - largest); returns their sum.
double softmax(float* scores, int n) {
    const float largest = *std::max_element(scores, scores + n);
    double sum = 0;
    for (int i = 0; i < n; ++i) {
        scores[i] = std::exp(scores[i] - largest);
        sum += double{scores[i]};
    }
    return sum;
}

// One head of one token. scratch: scores of the positions seen, then one row.
void attend(const Attention& op, int t, int h, float* scratch) {
    const KvLayer& cache = op.cache;
    const int kv_head = h / (op.n_heads / cache.n_kv_heads);
    const float* q = op.q + (std::int64_t{t} * op.n_heads + h) * cache.key_dim;
    float* out = op.out + (std::int64_t{t} * op.n_heads + h) * cache.value_dim;
    const Span seen = seen_by(op, t);
    float* scores = scratch;
    float* row = scratch + (seen.end - seen.begin);
    for (int p = seen.begin; p < seen.end; ++p) {
        load(cache, cache.keys, cache.key_dim, p, kv_head, row);
        double dot = 0;
        for (int i = 0; i < cache.key_dim; ++i) dot += double{q[i]} * row[i];
        scores[p - seen.begin] = static_cast<float>(dot * op.scale);
    }
    const double sum = softmax(scores, seen.end - seen.begin);
    std::fill(out, out + cache.value_dim, 0.0F);
    for (int p = seen.begin; p < seen.end; ++p) {
        load(cache, cache.values, cache.value_dim, p, kv_head, row);
        const auto share = static_cast<float>(scores[p - seen.begin] / sum);
        for (int i = 0; i < cache.value_dim; ++i) out[i] += share * row[i];
    }
}

std::size_t plain_floats(const KvLayer& cache, int n_positions) {
    return static_cast<std::size_t>(n_positions + std::max(cache.key_dim, cache.value_dim));
}

float* scratch_of(const Attention& op, int thread) {
    return op.scratch +
           static_cast<std::size_t>(thread) *
               attention_scratch(op.cache, op.n_heads, op.first_position + op.n_tokens);
}

const AttentionBody* body_of(CpuPath path) {
#if defined(__x86_64__)
    if (path >= CpuPath::avx512) return &kAttentionAvx512;
    if (path >= CpuPath::avx2) return &kAttentionAvx2;
#endif
    return nullptr;
}

// Prefill: a piece of work is a tile.
void attend_tiles(const AttentionPlan& plan, const AttentionBody& body, ThreadPool& pool) {
    const int n_tiles = plan.op.cache.n_kv_heads * plan.tiles_per_head();
    pool.parallel_for(n_tiles, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t i = begin; i < end; ++i) {
            body.attend(plan, plan.tile(static_cast<int>(i)), scratch_of(plan.op, thread));
        }
    });
}

// Decode: a piece of work is a tile's segment, so that a long context keeps all threads busy.
void attend_parts(const AttentionPlan& plan, const AttentionBody& body, ThreadPool& pool) {
    const int n_tiles = plan.op.cache.n_kv_heads * plan.tiles_per_head();
    float* parts = scratch_of(plan.op, 0) + plan.thread_floats();
    // Tiles are full but for a head's last one, so the first query says where a tile's parts begin.
    const auto parts_of = [&](const QueryTile& tile) {
        const int first_query = tile.kv_head * plan.group + tile.first;
        return parts + std::int64_t{first_query} * plan.n_segments * plan.partial_floats;
    };
    const std::int64_t n_parts = std::int64_t{n_tiles} * plan.n_segments;
    pool.parallel_for(n_parts, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t i = begin; i < end; ++i) {
            const QueryTile tile = plan.tile(static_cast<int>(i / plan.n_segments));
            const int segment = static_cast<int>(i % plan.n_segments);
            body.attend_part(plan,
                             tile,
                             segment,
                             scratch_of(plan.op, thread),
                             parts_of(tile) + std::int64_t{segment} * tile.n * plan.partial_floats);
        }
    });
    for (int i = 0; i < n_tiles; ++i) {
        const QueryTile tile = plan.tile(i);
        body.merge_parts(plan, tile, parts_of(tile), scratch_of(plan.op, 0));
    }
}

}  // namespace

const BlockFormat& kv_format(KvType type) {
    switch (type) {
        case KvType::f32:
            return block_format(BlockType::f32);
        case KvType::q8_0:
            return block_format(BlockType::q8_0);
        case KvType::f16:
            break;
    }
    return block_format(BlockType::f16);
}

std::size_t attention_scratch(const KvLayer& cache, int n_heads, int n_positions) {
    const Attention decode{.cache = cache,
                           .q = nullptr,
                           .out = nullptr,
                           .n_tokens = 1,
                           .n_heads = n_heads,
                           .first_position = n_positions - 1,
                           .scale = 1,
                           .scratch = nullptr};
    const AttentionPlan plan(decode);
    return std::max(plain_floats(cache, n_positions), plan.thread_floats() + plan.parts_floats());
}

void run_on_cpu(const Attention& op, ThreadPool& pool) {
    if (const AttentionBody* body = body_of(pool.path())) {
        const AttentionPlan plan(op);
        op.n_tokens == 1 ? attend_parts(plan, *body, pool) : attend_tiles(plan, *body, pool);
        return;
    }
    const std::int64_t n_rows = std::int64_t{op.n_tokens} * op.n_heads;
    pool.parallel_for(n_rows, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t row = begin; row < end; ++row) {
            attend(op,
                   static_cast<int>(row / op.n_heads),
                   static_cast<int>(row % op.n_heads),
                   scratch_of(op, thread));
        }
    });
}

}  // namespace greenroom::kernels
