// The routers of later layers, applied early: to the hidden state that the layer at hand routed by.
// Between two layers a residual stream changes little, so it is normalised as the later layer would
// (with that layer's weight) and multiplied with its router. It is taken in front of the layer's
// experts, not behind them: what is guessed then travels while they compute.
#pragma once

#include <vector>

#include "kernels/activations.hpp"
#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"
#include "prefetch/gate_scores.hpp"

namespace greenroom::runtime {

class RouterScores final : public prefetch::GateScores {
 public:
    struct Router {
        kernels::Matrix weights;      // (experts, embed); no rows in a dense layer
        const float* norm = nullptr;  // (embed)
    };
    struct Settings {
        int embed;
        float rms_eps;
        kernels::Arithmetic arithmetic;
    };

    // `routers` by layer; what they point to, and `pool`, must outlive this.
    RouterScores(std::vector<Router> routers, const Settings& settings, kernels::ThreadPool& pool);

    // (embed): the residual stream as the layer at hand found it; must stay while scores are asked
    // for.
    void look_at(const float* hidden) { hidden_ = hidden; }

    // Of later layers in the same step only: what the next token will be is not known.
    bool scores(prefetch::Moment from, prefetch::Moment target, std::span<float> out) override;

 private:
    const std::vector<Router> routers_;
    const Settings settings_;
    kernels::ThreadPool& pool_;
    const float* hidden_ = nullptr;
    std::vector<float> normed_;  // (embed)
    kernels::Activations input_;
};

}  // namespace greenroom::runtime
