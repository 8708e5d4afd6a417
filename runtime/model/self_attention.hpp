// The attention half of a layer: projections, rotation, the KV cache, the weighted sum. Knows
// nothing of the feed-forward half or of where weights come from.
#pragma once

#include <vector>

#include "kernels/activations.hpp"
#include "kernels/attention.hpp"
#include "kernels/rope.hpp"
#include "runtime/model/hyperparameters.hpp"
#include "runtime/model/load_weights.hpp"
#include "runtime/model/op_times.hpp"

namespace greenroom::runtime {

// Owns its scratch, sized at construction. One caller at a time.
class SelfAttention {
 public:
    struct Settings {
        kernels::RopePairing pairing;
        std::vector<float> inv_freq;  // (rope_dims / 2)
        kernels::Arithmetic arithmetic;
        int batch;     // most tokens in one call
        int capacity;  // most positions in the cache
    };

    // `pool` must outlive this.
    SelfAttention(const Hyperparameters& h, Settings settings, kernels::ThreadPool& pool);

    // One layer's call: x and out are (n_tokens, embed); out += the layer's output. The tokens' own
    // keys and values are in the cache afterwards.
    struct Call {
        const LayerWeights& weights;
        kernels::KvLayer cache;
        int first_position;
        int n_tokens;
        const float* x;
        float* out;
    };
    void run(const Call& call);

    void time_ops(OpTotals* totals) { op_totals_ = totals; }

    // The rotation of `heads` heads at x, from `first_position` on.
    kernels::Rope rope(float* x, int heads, int first_position, int n_tokens) const;

 private:
    void project(const Call& call);  // x to q_, k_ and v_
    void attend(const Call& call);   // into sums_

    const Hyperparameters h_;
    const Settings settings_;
    kernels::ThreadPool& pool_;

    kernels::Activations input_;     // the layer's rows, rounded once for q, k and v
    kernels::Activations attended_;  // what the output projection reads
    std::vector<float> q_;           // (batch, heads * head_dim)
    std::vector<float> k_, v_;       // (batch, kv_heads * head_dim)
    std::vector<float> sums_;        // (batch, heads * head_dim)
    std::vector<float> projected_;   // (batch, embed)
    std::vector<float> scratch_;
    OpTotals* op_totals_ = nullptr;
};

}  // namespace greenroom::runtime
