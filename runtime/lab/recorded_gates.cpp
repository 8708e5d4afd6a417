#include "runtime/lab/recorded_gates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace greenroom::runtime {

void RecordedGates::set_event(std::size_t event) {
    event_ = event;
    while (next_ < trace_.predictions.size() && trace_.predictions[next_].event < event) ++next_;
}

bool RecordedGates::scores(prefetch::Moment from, prefetch::Moment target, std::span<float> out) {
    if (target.step != from.step) return false;
    std::ranges::fill(out, -std::numeric_limits<float>::infinity());
    for (std::size_t i = next_; i < trace_.predictions.size(); ++i) {
        const TracePrediction& p = trace_.predictions[i];
        if (p.event != event_) break;
        if (p.layer != target.layer) continue;
        for (std::uint32_t g = p.first_guess; g < p.first_guess + p.n_guesses; ++g) {
            out[trace_.guess_experts[g]] = std::log(trace_.guess_probabilities[g]);
        }
        return true;
    }
    return false;
}

}  // namespace greenroom::runtime
