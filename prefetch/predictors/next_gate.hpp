// The router of a later layer, asked early: its weights applied to the hidden state of the layer at
// hand, which the layers between change little (arXiv 2312.17238).
#pragma once

#include <vector>

#include "prefetch/gate_scores.hpp"
#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class NextGatePredictor final : public Predictor {
 public:
    // `gates` must outlive this.
    NextGatePredictor(const RoutingShape& shape, GateScores& gates);
    void on_routed(const Routed& routed) override { last_ = routed.at; }
    // The confidence is the chance that an expert is among those chosen if every score is off by
    // Gumbel noise, whose spread is that of the softmax itself.
    std::size_t guess(Moment target, std::span<Guess> out) override;

 private:
    const RoutingShape shape_;
    GateScores& gates_;
    Moment last_;
    std::vector<float> scores_;  // (most experts)
};

}  // namespace greenroom::prefetch
