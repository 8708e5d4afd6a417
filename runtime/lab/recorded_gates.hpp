// The predictions that a trace holds, as the router scores that they were made from: predictors are
// replayed without the model. Knows no cache.
#pragma once

#include <cstddef>

#include "prefetch/gate_scores.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

class RecordedGates final : public prefetch::GateScores {
 public:
    // `trace` must outlive this.
    explicit RecordedGates(const Trace& trace) : trace_(trace) {}

    // The event that was routed last; never goes back.
    void set_event(std::size_t event);
    // Of later layers in the same step, as far ahead as was recorded.
    bool scores(prefetch::Moment from, prefetch::Moment target, std::span<float> out) override;

 private:
    const Trace& trace_;
    std::size_t event_ = 0, next_ = 0;
};

}  // namespace greenroom::runtime
