// Attention on a vector path: blocks of keys and values are brought into float once for all the
// queries that read them, and the softmax runs along (Milakov and Gimelshein 2018; Dao et al.
// 2022). Only for sources compiled for a vector path. Blocks and segments lie at fixed positions
// and each query takes them in order, so its result does not depend on the other queries, on the
// threads, or on how the work was split.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/attention.hpp"
#include "kernels/block_type.hpp"
#include "kernels/cpu/attention_plan.hpp"
#include "kernels/cpu/exp_lanes.hpp"
#include "kernels/cpu/small_gemm.hpp"

namespace greenroom::kernels {
namespace {

// One thread's memory, carved out of its scratch.
struct AttentionBuffers {
    AttentionBuffers(const AttentionPlan& plan, float* scratch)
        : queries(scratch),
          keys(queries + kQueryTile * plan.key_stride),
          values(keys + kPositionBlock * plan.key_stride),
          scores(values + kPositionBlock * plan.row_stride),
          segment(scores + kQueryTile * kPositionBlock),
          total(segment + kQueryTile * plan.partial_floats) {}

    float* queries;  // (queries, key_stride), times the scale
    float* keys;     // (key_stride, positions): transposed
    float* values;   // (positions, value_stride); before that, rows of keys
    float* scores;   // (queries, positions)
    float* segment;  // (queries, partial_floats)
    float* total;    // (queries, partial_floats)
};

// The running softmax of one query: the largest score, the sum of exponentials, and the weighted
// sum of values.
struct Partial {
    float& largest;
    float& sum;
    float* values;  // (value_stride)
};

Partial partial_at(const AttentionPlan& plan, float* partials, int query) {
    float* at = partials + query * plan.partial_floats;
    return {at[plan.value_stride], at[plan.value_stride + 1], at};
}

void clear(const AttentionPlan& plan, float* partials, int n_queries) {
    for (int i = 0; i < n_queries * plan.partial_floats; ++i) partials[i] = 0;
    for (int q = 0; q < n_queries; ++q) {
        partial_at(plan, partials, q).largest = -__builtin_inff();
    }
}

template <class L>
void scale_values(const AttentionPlan& plan, float* values, float by) {
    const typename L::Vector factor = L::fill(by);
    for (int i = 0; i < plan.value_stride; i += L::kLanes) {
        L::store(values + i, L::multiply(L::load(values + i), factor));
    }
}

template <class L>
float exp_of(float x) {
    alignas(64) float lanes[L::kLanes];
    L::store(lanes, exp_lanes<L>(L::fill(x)));
    return lanes[0];
}

// into = into and `from` together.
template <class L>
void merge(const AttentionPlan& plan, Partial into, Partial from) {
    if (from.sum == 0) return;
    const float largest = into.largest > from.largest ? into.largest : from.largest;
    const float keep = exp_of<L>(into.largest - largest), add = exp_of<L>(from.largest - largest);
    into.sum = into.sum * keep + from.sum * add;
    into.largest = largest;
    const typename L::Vector keeps = L::fill(keep), adds = L::fill(add);
    for (int i = 0; i < plan.value_stride; i += L::kLanes) {
        const typename L::Vector kept = L::multiply(L::load(into.values + i), keeps);
        L::store(into.values + i, L::multiply_add(L::load(from.values + i), adds, kept));
    }
}

// n values of one row, as floats; zeros up to `stride`.
template <class L>
void load_row(const AttentionPlan& plan, const std::byte* row, int n, int stride, float* out) {
    int i = 0;
    if (plan.op.cache.type == KvType::f16) {
        for (; i + L::kLanes <= n; i += L::kLanes) L::store(out + i, L::load_f16(row + 2 * i));
    } else if (plan.op.cache.type == KvType::q8_0) {
        for (; i < n; i += 32, row += 34) {
            const typename L::Vector scale = L::fill(plan.half_to_float(row));
            for (int k = 0; k < 32; k += L::kLanes) {
                L::store(out + i + k, L::multiply(L::load_i8(row + 2 + k), scale));
            }
        }
    }
    if (i < n)
        plan.format.dequantize(row + plan.format.bytes * static_cast<std::size_t>(i),
                               static_cast<std::size_t>(n - i),
                               out + i);
    for (i = n; i < stride; ++i) out[i] = 0;
}

// Keys of positions [first, first + n) of one head, turned so that a row holds one element of all
// positions. `rows` is room for as many rows as a register has lanes.
template <class L>
void load_keys(const AttentionPlan& plan, int kv_head, int first, int n, float* keys, float* rows) {
    for (int p = 0; p < kPositionBlock; p += L::kLanes) {
        for (int i = 0; i < L::kLanes; ++i) {
            float* row = rows + i * plan.key_stride;
            const bool there = p + i < n;
            load_row<L>(plan,
                        plan.key_at(kv_head, there ? first + p + i : first),
                        there ? plan.op.cache.key_dim : 0,
                        plan.key_stride,
                        row);
        }
        for (int d = 0; d < plan.key_stride; d += L::kLanes) {
            typename L::Vector square[L::kLanes];
            for (int i = 0; i < L::kLanes; ++i) square[i] = L::load(rows + i * plan.key_stride + d);
            L::transpose(square);
            for (int i = 0; i < L::kLanes; ++i) {
                L::store(keys + (d + i) * kPositionBlock + p, square[i]);
            }
        }
    }
}

template <class L>
void load_values(const AttentionPlan& plan, int kv_head, int first, int n, float* values) {
    for (int p = 0; p < kPositionBlock; ++p) {
        const bool there = p < n;
        load_row<L>(plan,
                    plan.value_at(kv_head, there ? first + p : first),
                    there ? plan.op.cache.value_dim : 0,
                    plan.value_stride,
                    values + p * plan.value_stride);
    }
}

// Turns one query's scores of a block into weights and makes room for them in its running softmax.
// Positions outside [begin, end) of the block are not seen.
template <class L>
void weigh(const AttentionPlan& plan, float* scores, int begin, int end, Partial running) {
    constexpr float kNothing = -__builtin_inff();
    for (int p = 0; p < begin; ++p) scores[p] = kNothing;
    for (int p = end; p < kPositionBlock; ++p) scores[p] = kNothing;
    typename L::Vector most = L::fill(running.largest);
    for (int p = 0; p < kPositionBlock; p += L::kLanes) most = L::max(most, L::load(scores + p));
    const float largest = L::largest(most);
    if (largest == kNothing) {
        for (int p = 0; p < kPositionBlock; ++p) scores[p] = 0;
        return;
    }
    typename L::Vector sum = L::zero();
    for (int p = 0; p < kPositionBlock; p += L::kLanes) {
        const typename L::Vector weight =
            exp_lanes<L>(L::subtract(L::load(scores + p), L::fill(largest)));
        L::store(scores + p, weight);
        sum = L::add(sum, weight);
    }
    const float keep = exp_of<L>(running.largest - largest);
    running.sum = running.sum * keep + L::sum(sum);
    running.largest = largest;
    if (keep != 1) scale_values<L>(plan, running.values, keep);
}

// One tile of queries over the blocks of one segment that any of them sees.
template <class L>
void attend_segment(const AttentionPlan& plan,
                    const QueryTile& tile,
                    int segment,
                    const AttentionBuffers& memory) {
    clear(plan, memory.segment, tile.n);
    const PositionRange range = plan.blocks_of(tile, segment);
    for (int first = range.begin; first < range.end; first += kPositionBlock) {
        const int n =
            plan.n_positions - first < kPositionBlock ? plan.n_positions - first : kPositionBlock;
        // The values' room holds the rows of keys before they are turned.
        load_keys<L>(plan, tile.kv_head, first, n, memory.keys, memory.values);
        load_values<L>(plan, tile.kv_head, first, n, memory.values);
        for (int i = 0; i < tile.n * kPositionBlock; ++i) memory.scores[i] = 0;
        run_gemm<L>({memory.queries,
                     memory.keys,
                     memory.scores,
                     tile.n,
                     plan.op.cache.key_dim,
                     kPositionBlock,
                     plan.key_stride,
                     kPositionBlock,
                     kPositionBlock});
        for (int q = 0; q < tile.n; ++q) {
            const PositionRange seen = plan.seen_in_block(tile, q, first);
            weigh<L>(plan,
                     memory.scores + q * kPositionBlock,
                     seen.begin,
                     seen.end,
                     partial_at(plan, memory.segment, q));
        }
        run_gemm<L>({memory.scores,
                     memory.values,
                     memory.segment,
                     tile.n,
                     kPositionBlock,
                     plan.value_stride,
                     kPositionBlock,
                     plan.value_stride,
                     plan.partial_floats});
    }
}

template <class L>
void load_queries(const AttentionPlan& plan, const QueryTile& tile, float* queries) {
    for (int q = 0; q < tile.n; ++q) {
        const float* from = plan.query(tile, q);
        float* to = queries + q * plan.key_stride;
        for (int i = 0; i < plan.op.cache.key_dim; ++i) to[i] = from[i] * plan.op.scale;
    }
}

// out = the values of a finished softmax, divided by its sum.
inline void finish(const AttentionPlan& plan, Partial done, float* out) {
    for (int i = 0; i < plan.op.cache.value_dim; ++i) out[i] = done.values[i] / done.sum;
}

// One tile over all segments, one after the other.
template <class L>
void attend_tile(const AttentionPlan& plan, const QueryTile& tile, float* scratch) {
    const AttentionBuffers memory(plan, scratch);
    load_queries<L>(plan, tile, memory.queries);
    clear(plan, memory.total, tile.n);
    for (int segment = 0; segment < plan.n_segments; ++segment) {
        attend_segment<L>(plan, tile, segment, memory);
        for (int q = 0; q < tile.n; ++q) {
            merge<L>(plan, partial_at(plan, memory.total, q), partial_at(plan, memory.segment, q));
        }
    }
    for (int q = 0; q < tile.n; ++q) {
        finish(plan, partial_at(plan, memory.total, q), plan.out(tile, q));
    }
}

// One tile over one segment: `partials` is (queries, partial_floats).
template <class L>
void attend_part(const AttentionPlan& plan,
                 const QueryTile& tile,
                 int segment,
                 float* scratch,
                 float* partials) {
    AttentionBuffers memory(plan, scratch);
    memory.segment = partials;
    load_queries<L>(plan, tile, memory.queries);
    attend_segment<L>(plan, tile, segment, memory);
}

// The parts of all segments, (segments, queries, partial_floats), put together in their order.
template <class L>
void merge_parts(const AttentionPlan& plan, const QueryTile& tile, float* parts, float* scratch) {
    const AttentionBuffers memory(plan, scratch);
    clear(plan, memory.total, tile.n);
    for (int segment = 0; segment < plan.n_segments; ++segment) {
        for (int q = 0; q < tile.n; ++q) {
            merge<L>(plan, partial_at(plan, memory.total, q), partial_at(plan, parts, q));
        }
        parts += tile.n * plan.partial_floats;
    }
    for (int q = 0; q < tile.n; ++q) {
        finish(plan, partial_at(plan, memory.total, q), plan.out(tile, q));
    }
}

}  // namespace
}  // namespace greenroom::kernels
