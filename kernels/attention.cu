#include "kernels/attention.hpp"
#include "kernels/device/attend.cuh"
#include "kernels/device/attention_segments.hpp"
#include "kernels/device/running_softmax.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr int kMaxHead = kAttentionThreads;  // elements

// A block puts the segments of one query together, each thread what the same thread would have
// gathered had one block taken them all.
struct MergeBody {
    const float* partials;  // (n_queries, n_segments, kDevicePartial)
    float* out;             // (n_queries, lanes.dim)
    int n_segments;
    ValueLanes lanes;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const std::size_t query = thread.block_x();
        const float* partial = partials + query * n_segments * kDevicePartial;
        Running running = {-INFINITY, 0};
        float total = 0;
        for (int s = 0; s < n_segments; ++s, partial += kDevicePartial) {
            const Shares shares =
                merge(running, {partial[kAttentionThreads], partial[kAttentionThreads + 1]});
            total = merged(total, partial[thread.index()], shares);
        }
        finish(thread, total, running.sum, lanes, out + query * lanes.dim);
    }
};

ValueLanes lanes_over(int value_dim) {
    int lanes = 8;
    while (lanes < value_dim) lanes *= 2;
    return {value_dim, lanes};
}

template <KvType kType, int kQueries>
void attend(const Attention& op, Stream& stream) {
    using Body = AttendBody<kType, kQueries>;
    const KvLayer& cache = op.cache;
    const int group = op.n_heads / cache.n_kv_heads;
    const SegmentRange segments = segments_seen(op);
    const int n_segments = segments.end - segments.begin;
    const bool is_split = op.n_tokens <= kSplitTokens && n_segments > 1;
    const ValueLanes lanes = lanes_over(cache.value_dim);
    const auto query_floats =
        static_cast<std::size_t>(groups_of(cache.key_dim, Body::kStage) * Body::kStage * kQueries);
    run_body("attention",
             Body{op,
                  kv_row_bytes(kType, cache.key_dim),
                  kv_row_bytes(kType, cache.value_dim),
                  lanes,
                  group,
                  segments,
                  is_split},
             {.blocks_x = static_cast<unsigned>(groups_of(op.n_tokens * group, kQueries)),
              .blocks_y = is_split ? static_cast<unsigned>(n_segments) : 1,
              .blocks_z = static_cast<unsigned>(cache.n_kv_heads),
              .threads = kAttentionThreads,
              .shared_bytes = Body::kQueriesAt + query_floats * sizeof(float)},
             stream);
    if (!is_split) return;
    run_body("attention_merge",
             MergeBody{op.scratch, op.out, n_segments, lanes},
             {.blocks_x = static_cast<unsigned>(op.n_tokens * op.n_heads),
              .threads = kAttentionThreads,
              .shared_bytes = kAttentionThreads * sizeof(float)},
             stream);
}

// Tiles no wider than what there is to fill them with.
template <KvType kType>
void attend_in_tiles(const Attention& op, Stream& stream) {
    const int n_queries = op.n_tokens * (op.n_heads / op.cache.n_kv_heads);
    if (n_queries <= 4) {
        attend<kType, 4>(op, stream);
    } else if (n_queries <= 8) {
        attend<kType, 8>(op, stream);
    } else {
        attend<kType, 16>(op, stream);
    }
}

}  // namespace

void attention(const Attention& op, Stream& stream) {
    const KvLayer& cache = op.cache;
    require(op.n_tokens > 0 && op.first_position >= 0, "attention: no such positions");
    require(cache.n_kv_heads > 0 && op.n_heads % cache.n_kv_heads == 0,
            "attention: heads are no multiple of heads of keys");
    require(cache.key_dim > 0 && cache.key_dim % 8 == 0 && cache.key_dim <= kMaxHead &&
                cache.value_dim > 0 && cache.value_dim <= kMaxHead,
            "attention: no such head length");
    switch (cache.type) {
        case KvType::f32:
            attend_in_tiles<KvType::f32>(op, stream);
            break;
        case KvType::f16:
            attend_in_tiles<KvType::f16>(op, stream);
            break;
        case KvType::q8_0:
            attend_in_tiles<KvType::q8_0>(op, stream);
            break;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
