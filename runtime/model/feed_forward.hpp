// The feed-forward half of a layer: the router, and the experts it names. Knows where experts come
// from only as an ExpertStore.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cache/expert_store.hpp"
#include "io/result.hpp"
#include "kernels/activations.hpp"
#include "kernels/route_top_k.hpp"
#include "runtime/model/expert_groups.hpp"
#include "runtime/model/hyperparameters.hpp"
#include "runtime/model/model.hpp"
#include "runtime/model/prefetcher.hpp"
#include "runtime/model/routed_batch.hpp"

namespace greenroom::runtime {

// Owns its scratch, sized for `batch` tokens at construction. One caller at a time.
class FeedForward {
 public:
    struct Settings {
        kernels::RouterRule rule;
        kernels::Arithmetic arithmetic;
        int batch;                         // most tokens in one call
        Prefetcher* prefetcher = nullptr;  // told of every routing; null: nobody predicts
    };

    // `store` and `pool` must outlive this.
    FeedForward(const Hyperparameters& h,
                const Settings& settings,
                cache::ExpertStore& store,
                kernels::ThreadPool& pool);

    // One layer's call: x and out are (n_tokens, embed); out += the layer's output.
    struct Call {
        int layer;
        int first_position;
        int n_tokens;
        const kernels::Matrix& router;  // no rows: the layer is dense, its block is expert 0
        const float* x;
        float* out;
    };
    io::Result<void> run(const Call& call);

    void observe_routing(RoutingObserver observer) { observer_ = std::move(observer); }
    void drive_routing(RoutingDriver driver) { driver_ = std::move(driver); }
    void time_ops(OpTotals* totals) { op_totals_ = totals; }

 private:
    void route(const Call& call);
    RoutedBatch routed_batch(const Call& call) const;
    // To the observer and the prefetcher.
    void pass_on(const RoutedBatch& routed, const Call& call);
    io::Result<void> run_stages(const Call& call, const cache::Stages& stages);
    io::Result<void> run_expert(const Call& call, int expert);
    // All experts of a single token at once.
    io::Result<void> run_together(const Call& call, std::span<const io::ExpertKey> keys);
    // `expert` on its rows, with the `slot`-th scratch.
    kernels::ExpertFfn ffn(const Call& call,
                           const kernels::ExpertWeights& weights,
                           int expert,
                           std::size_t slot);
    void compute(std::span<const kernels::ExpertFfn> ops);
    // The rows routed to `expert` as one batch: the shared one when there is a single token.
    kernels::Activations& gather(const Call& call, int expert);

    const Hyperparameters h_;
    const Settings settings_;
    cache::ExpertStore& store_;
    kernels::ThreadPool& pool_;
    RoutingObserver observer_;
    RoutingDriver driver_;
    OpTotals* op_totals_ = nullptr;
    int k_ = 1;  // experts per token

    kernels::Activations input_;     // the layer's rows, rounded once for router and experts
    kernels::Activations gathered_;  // rows of one expert
    std::vector<kernels::Activations> hidden_;  // (k): the first for batches, all for one token
    std::vector<float> router_logits_;          // (batch, experts)
    std::vector<std::int32_t> experts_;         // (batch, k)
    std::vector<float> weights_;                // (batch, k)
    ExpertGroups groups_;                       // whose rows are those of partials_
    std::vector<float> gathered_rows_;          // (batch, embed)
    std::size_t ff_ = 0;                        // the wider of expert and dense blocks
    std::vector<float> gate_, up_;              // (batch or k, ff)
    std::vector<float> partials_;               // (batch * k, embed)
    std::vector<cache::ExpertLease> leases_;    // (k) of one token
    std::vector<kernels::ExpertFfn> ffns_;      // (k)

    std::vector<cache::UseOutcome> outcomes_;  // (k): of the token that the observer is told of
};

}  // namespace greenroom::runtime
