#include "runtime/lab/driven_routing.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace greenroom::runtime {

io::Result<TracedRouting> TracedRouting::make(const Trace& trace, const RoutingFacts& model) {
    if (trace.n_experts != model.experts || trace.experts_per_token != model.experts_per_token) {
        return io::Error{fmt::format("a trace of {} of {} experts; the model uses {} of {}",
                                     trace.experts_per_token,
                                     trace.n_experts,
                                     model.experts_per_token,
                                     model.experts)};
    }
    TracedRouting out;
    out.k_ = static_cast<std::size_t>(trace.experts_per_token);
    out.experts_.resize(static_cast<std::size_t>(trace.n_layers));
    out.weights_.resize(out.experts_.size());
    out.next_.resize(static_cast<std::size_t>(model.layers));
    for (const TraceEvent& event : trace.events) {
        if (event.phase != Phase::decode || event.n_rows != out.k_) continue;
        auto& experts = out.experts_[event.layer];
        auto& weights = out.weights_[event.layer];
        const auto first = static_cast<std::ptrdiff_t>(event.first_row);
        const auto end = first + static_cast<std::ptrdiff_t>(out.k_);
        experts.insert(experts.end(), trace.experts.begin() + first, trace.experts.begin() + end);
        weights.insert(weights.end(), trace.weights.begin() + first, trace.weights.begin() + end);
    }
    for (std::size_t l = 0; l < out.experts_.size(); ++l) {
        if (!out.experts_[l].empty()) continue;
        return io::Error{fmt::format("a trace without a decoded token in layer {}", l)};
    }
    return out;
}

void TracedRouting::choose(const RoutingChoice& choice) {
    const auto model_layer = static_cast<std::size_t>(choice.layer);
    const std::size_t layer = model_layer % experts_.size();
    const std::size_t n_tokens = experts_[layer].size() / k_;
    std::size_t& next = next_[model_layer];
    for (std::size_t row = 0; row < choice.experts.size(); row += k_) {
        for (std::size_t slot = 0; slot < k_; ++slot) {
            choice.experts[row + slot] = experts_[layer][next * k_ + slot];
            choice.weights[row + slot] = weights_[layer][next * k_ + slot];
        }
        next = (next + 1) % n_tokens;
    }
}

LocalRouting::LocalRouting(double locality, const RoutingFacts& model, std::uint64_t seed)
    : n_experts_(static_cast<std::size_t>(model.experts)),
      k_(static_cast<std::size_t>(model.experts_per_token)),
      locality_(locality),
      random_(seed),
      last_(static_cast<std::size_t>(model.layers), std::vector<std::int32_t>(k_)) {
    for (auto& last : last_) std::iota(last.begin(), last.end(), 0);
}

void LocalRouting::choose(const RoutingChoice& choice) {
    auto& last = last_[static_cast<std::size_t>(choice.layer)];
    for (std::size_t row = 0; row < choice.experts.size(); row += k_) {
        choose_next(last);
        std::ranges::copy(last, choice.experts.begin() + static_cast<std::ptrdiff_t>(row));
    }
    std::ranges::fill(choice.weights, 1.0f / static_cast<float>(k_));
}

void LocalRouting::choose_next(std::vector<std::int32_t>& last) {
    constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53: the same numbers everywhere
    chosen_.clear();
    for (const std::int32_t expert : last) {
        if (static_cast<double>(random_() >> 11) * kScale < locality_) chosen_.push_back(expert);
    }
    const std::size_t n_kept = chosen_.size();
    while (chosen_.size() < k_) {
        const auto expert = static_cast<std::int32_t>(random_() % n_experts_);
        // Of those that were let go none comes back, where there are enough others.
        const bool was_let_go =
            2 * k_ <= n_experts_ + n_kept && std::ranges::count(last, expert) > 0;
        if (!was_let_go && std::ranges::count(chosen_, expert) == 0) chosen_.push_back(expert);
    }
    last = chosen_;
}

}  // namespace greenroom::runtime
