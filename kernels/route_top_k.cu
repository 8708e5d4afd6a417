#include "kernels/device/block_sum.cuh"
#include "kernels/device/rank.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"
#include "kernels/route_top_k.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

// A warp for a token.
struct RouteTopKBody {
    RouteTopK op;

    // The best expert that comes behind `last`. Here a NaN ranks as the lowest number.
    GREENROOM_DEVICE Rank next_best(const Thread& thread, const float* logits, Rank last) const {
        Rank best = kNoRank;
        for (auto e = static_cast<int>(thread.lane()); e < op.n_experts; e += Thread::kWarp) {
            const float logit = logits[e];
            const Rank rank = rank_of(logit == logit ? logit : -INFINITY, e);
            if (rank < last && rank > best) best = rank;
        }
        return warp_best(thread, best);
    }

    // The softmax over all experts, restricted to those chosen and renormalised, is the softmax
    // over those chosen.
    GREENROOM_DEVICE void weigh(const Thread& thread,
                                const float* logits,
                                const std::int32_t* experts,
                                float* weights) const {
        const float largest = logits[experts[0]];
        float sum = 0;
        for (auto s = static_cast<int>(thread.lane()); s < op.k; s += Thread::kWarp) {
            weights[s] = expf(logits[experts[s]] - largest);
            sum += weights[s];
        }
        sum = warp_sum(thread, sum);
        for (auto s = static_cast<int>(thread.lane()); s < op.k; s += Thread::kWarp) {
            weights[s] /= sum;
        }
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const std::size_t token = thread.block_x();
        const float* const logits = op.logits + token * static_cast<std::size_t>(op.n_experts);
        std::int32_t* const experts = op.experts + token * static_cast<std::size_t>(op.k);
        Rank last = kTopRank;
        for (int s = 0; s < op.k; ++s) {
            last = next_best(thread, logits, last);
            if (thread.lane() == 0) experts[s] = id_of(last);
        }
        thread.warp_barrier();
        switch (op.rule) {
            case RouterRule::softmax_top_k_renormalised:
                weigh(thread, logits, experts, op.weights + token * static_cast<std::size_t>(op.k));
        }
    }
};

}  // namespace

void route_top_k(const RouteTopK& op, Stream& stream) {
    require(op.n_tokens > 0 && op.k > 0 && op.k <= op.n_experts, "route_top_k: no such choice");
    run_body("route_top_k",
             RouteTopKBody{op},
             {.blocks_x = static_cast<unsigned>(op.n_tokens), .threads = Thread::kWarp},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
