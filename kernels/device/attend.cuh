// The body of attention. The softmax over a segment of positions is computed from its own largest
// score, and segments are merged in their order (Milakov and Gimelshein 2018). They begin at fixed
// positions, and a query takes the same steps whether its segments are spread over blocks or not
// and whatever else is in the batch: its result has the same bits.
#pragma once

#include "kernels/attention.hpp"
#include "kernels/device/attention_segments.hpp"
#include "kernels/device/block_sum.cuh"
#include "kernels/device/kv_rows.cuh"
#include "kernels/device/running_softmax.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

// A block takes a tile of queries that share a head of keys, counted token by token, head by head,
// over one segment or over all that they see.
template <KvType kType, int kQueries>
struct AttendBody {
    static constexpr unsigned kThreads = kAttentionThreads;
    static constexpr int kSegment = kDeviceSegment;
    // Elements of all keys of a segment that are in shared memory at a time.
    static constexpr int kStage = 16;

    Attention op;
    std::size_t key_bytes, value_bytes;  // of one head at one position
    ValueLanes lanes;
    int group;              // query heads per head of keys
    SegmentRange segments;  // that blocks_y lie over
    bool is_split;          // a block leaves its segment's result in op.scratch

    struct Tile {
        int kv_head, first, n;  // queries
        int begin, end;         // positions that any of them sees
    };

    // Shared memory: keys, later scores; then these; then queries, (key_dim, kQueries).
    static constexpr int kStageFloats = kSegment * (kStage + 1);
    static_assert(kStageFloats >= kQueries * kSegment);
    struct State {
        Running running[kQueries];
        Shares shares[kQueries];
    };
    static constexpr std::size_t kStateAt = kStageFloats * sizeof(float);
    static constexpr std::size_t kQueriesAt = kStateAt + sizeof(State);

    GREENROOM_DEVICE int padded_key() const {
        return (op.cache.key_dim + kStage - 1) / kStage * kStage;
    }
    GREENROOM_DEVICE int token_of(const Tile& tile, int q) const {
        return (tile.first + q) / group;
    }
    GREENROOM_DEVICE int seen_from(int token) const {
        const int begin = op.first_position + token + 1 - op.window;
        return op.window > 0 && begin > 0 ? begin : 0;
    }
    GREENROOM_DEVICE std::int64_t query_row(const Tile& tile, int q) const {
        const int head = tile.kv_head * group + (tile.first + q) % group;
        return std::int64_t{token_of(tile, q)} * op.n_heads + head;
    }

    // The last tiles see most: they go first.
    GREENROOM_DEVICE Tile tile_of(const Thread& thread) const {
        const int n_queries = op.n_tokens * group;
        const int n_tiles = (n_queries + kQueries - 1) / kQueries;
        Tile tile{};
        tile.kv_head = static_cast<int>(thread.block_z());
        tile.first = (n_tiles - 1 - static_cast<int>(thread.block_x())) * kQueries;
        tile.n = n_queries - tile.first < kQueries ? n_queries - tile.first : kQueries;
        tile.begin = seen_from(token_of(tile, 0));
        tile.end = op.first_position + token_of(tile, tile.n - 1) + 1;
        return tile;
    }

    GREENROOM_DEVICE void load_queries(const Thread& thread, const Tile& tile) const {
        auto* const queries = thread.shared<float>(kQueriesAt);
        const int n = padded_key();
        for (int i = static_cast<int>(thread.index()); i < n * kQueries; i += kThreads) {
            const int q = i / n, d = i % n;
            queries[d * kQueries + q] =
                q < tile.n && d < op.cache.key_dim
                    ? op.q[query_row(tile, q) * op.cache.key_dim + d] * op.scale
                    : 0;
        }
        if (thread.index() < kQueries) {
            auto& state = *thread.shared<State>(kStateAt);
            state.running[thread.index()] = {-INFINITY, 0};
            state.shares[thread.index()] = {1, 0};
        }
        thread.barrier();
    }

    // What a thread brings of elements [d, d + kStage) of the segment's keys: eight of one
    // position, zeros where nothing is seen.
    GREENROOM_DEVICE KvEight<kType> keys_at(const Thread& thread,
                                            const Tile& tile,
                                            int first,
                                            int d) const {
        const int position = first + static_cast<int>(thread.index()) / 2;
        d += static_cast<int>(thread.index()) % 2 * 8;
        KvEight<kType> keys{};
        if (position < tile.end && d < op.cache.key_dim) {
            const std::int64_t row = std::int64_t{position} * op.cache.n_kv_heads + tile.kv_head;
            keys.load(op.cache.keys + row * key_bytes, d);
        }
        return keys;
    }

    // Into shared memory, position by position.
    GREENROOM_DEVICE static void stage(const Thread& thread, const KvEight<kType>& keys) {
        const int p = static_cast<int>(thread.index()) / 2;
        const int part = static_cast<int>(thread.index()) % 2 * 8;
        float* const to = thread.shared<float>() + p * (kStage + 1) + part;
        for (int i = 0; i < 8; ++i) to[i] = keys.value(i);
    }

    // A thread takes one position and half the queries. Leaves (kQueries, kSegment) scores.
    GREENROOM_DEVICE void score(const Thread& thread, const Tile& tile, int first) const {
        constexpr int kHalf = kQueries / 2;
        const int p = static_cast<int>(thread.index()) % kSegment;
        const int half = static_cast<int>(thread.index()) / kSegment * kHalf;
        auto* const staged = thread.shared<float>();
        float sums[kHalf] = {};
        KvEight<kType> next = keys_at(thread, tile, first, 0);
        for (int d = 0; d < op.cache.key_dim; d += kStage) {
            thread.barrier();
            stage(thread, next);
            next = keys_at(thread, tile, first, d + kStage);  // comes while these are multiplied
            thread.barrier();
            const float* const queries = thread.shared<float>(kQueriesAt) + d * kQueries + half;
            for (int i = 0; i < kStage; ++i) {
                const float key = staged[p * (kStage + 1) + i];
                for (int q = 0; q < kHalf; ++q) {
                    sums[q] = fmaf(queries[i * kQueries + q], key, sums[q]);
                }
            }
        }
        thread.barrier();
        for (int q = 0; q < kHalf; ++q) staged[(half + q) * kSegment + p] = sums[q];
        thread.barrier();
    }

    // A warp turns the scores of one query into weights. What is not seen has none.
    GREENROOM_DEVICE void weigh(const Thread& thread, const Tile& tile, int first, int q) const {
        float* const scores = thread.shared<float>() + q * kSegment;
        constexpr int kLanes = Thread::kWarp;
        const int token = token_of(tile, q);
        const int begin = seen_from(token) - first, end = op.first_position + token + 1 - first;
        float mine[kSegment / kLanes], largest = -INFINITY, sum = 0;
        for (int i = 0; i < kSegment / kLanes; ++i) {
            const int p = static_cast<int>(thread.lane()) + kLanes * i;
            mine[i] = p >= begin && p < end ? scores[p] : -INFINITY;
            largest = fmaxf(largest, mine[i]);
        }
        largest = warp_max(thread, largest);
        for (int i = 0; i < kSegment / kLanes; ++i) {
            const float weight = mine[i] == -INFINITY ? 0 : expf(mine[i] - largest);
            scores[static_cast<int>(thread.lane()) + kLanes * i] = weight;
            sum += weight;
        }
        sum = warp_sum(thread, sum);
        if (thread.lane() == 0) {
            auto& state = *thread.shared<State>(kStateAt);
            state.shares[q] = merge(state.running[q], {largest, sum});
        }
    }

    // A thread takes one element of the values and a part of the positions.
    GREENROOM_DEVICE void add_values(const Thread& thread,
                                     const Tile& tile,
                                     int first,
                                     float (&sums)[kQueries]) const {
        const int element = static_cast<int>(thread.index()) % lanes.lanes;
        if (element >= lanes.dim) return;
        const int n = kSegment * lanes.lanes / static_cast<int>(kThreads);
        const int begin = static_cast<int>(thread.index()) / lanes.lanes * n;
        const int end = tile.end - first < begin + n ? tile.end - first : begin + n;
        const std::size_t stride = op.cache.n_kv_heads * value_bytes;
        const std::byte* row = op.cache.values + first * stride + tile.kv_head * value_bytes;
        const auto load = [&](int p, float(&values)[4]) {
            for (int i = 0; i < 4; ++i) {
                values[i] = p + i < end ? kv_value<kType>(row + (p + i) * stride, element) : 0;
            }
        };
        float values[4], next[4];
        load(begin, values);
        for (int p = begin; p < end; p += 4) {
            load(p + 4, next);
            const auto* const scores = thread.shared<float>() + p;
            for (int q = 0; q < kQueries; ++q) {
                const Float4 weights = *reinterpret_cast<const Float4*>(scores + q * kSegment);
                for (int i = 0; i < 4; ++i) sums[q] = fmaf(weights.v[i], values[i], sums[q]);
            }
            for (int i = 0; i < 4; ++i) values[i] = next[i];
        }
    }

    GREENROOM_DEVICE void attend_segment(const Thread& thread,
                                         const Tile& tile,
                                         int first,
                                         float (&totals)[kQueries]) const {
        score(thread, tile, first);
        for (auto q = static_cast<int>(thread.warp()); q < tile.n; q += kThreads / Thread::kWarp) {
            weigh(thread, tile, first, q);
        }
        thread.barrier();
        float sums[kQueries] = {};
        add_values(thread, tile, first, sums);
        const auto& state = *thread.shared<State>(kStateAt);
        for (int q = 0; q < kQueries; ++q) totals[q] = merged(totals[q], sums[q], state.shares[q]);
    }

    GREENROOM_DEVICE void write(const Thread& thread, const Tile& tile, int q, float total) const {
        const Running running = thread.shared<State>(kStateAt)->running[q];
        const std::int64_t row = query_row(tile, q);
        if (!is_split) {
            finish(thread, total, running.sum, lanes, op.out + row * lanes.dim);
            return;
        }
        float* const partial =
            op.scratch +
            (row * (segments.end - segments.begin) + thread.block_y()) * kDevicePartial;
        partial[thread.index()] = total;
        if (thread.index() == 0) {
            partial[kThreads] = running.largest;
            partial[kThreads + 1] = running.sum;
        }
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const Tile tile = tile_of(thread);
        load_queries(thread, tile);
        float totals[kQueries] = {};
        int begin = tile.begin / kSegment, end = (tile.end + kSegment - 1) / kSegment;
        if (is_split) {
            const int segment = segments.begin + static_cast<int>(thread.block_y());
            begin = segment < begin ? begin : segment;
            end = segment + 1 < end ? segment + 1 : end;
        }
        for (int segment = begin; segment < end; ++segment) {
            attend_segment(thread, tile, segment * kSegment, totals);
        }
        for (int q = 0; q < kQueries; ++q) {
            if (q < tile.n) write(thread, tile, q, totals[q]);
        }
    }
};

}  // namespace greenroom::kernels::GREENROOM_BODIES
