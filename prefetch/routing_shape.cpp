#include "prefetch/routing_shape.hpp"

#include <algorithm>

namespace greenroom::prefetch {

RoutingShape::RoutingShape(std::vector<std::uint16_t> n_experts, std::size_t n_used)
    : n_experts_(std::move(n_experts)), n_used_(n_used), ranks_(n_experts_.size(), kNone) {
    for (std::size_t layer = 0; layer < n_experts_.size(); ++layer) {
        if (n_experts_[layer] == 0) continue;
        ranks_[layer] = routing_layers_.size();
        routing_layers_.push_back(static_cast<std::uint16_t>(layer));
    }
}

std::size_t RoutingShape::most_experts() const {
    return n_experts_.empty() ? 0 : std::ranges::max(n_experts_);
}

std::optional<std::size_t> RoutingShape::rank(std::uint16_t layer) const {
    if (layer >= ranks_.size() || ranks_[layer] == kNone) return std::nullopt;
    return ranks_[layer];
}

std::optional<Moment> RoutingShape::after(Moment from, std::size_t n) const {
    const auto at = rank(from.layer);
    if (!at) return std::nullopt;
    const std::size_t count = routing_layers_.size();
    const std::size_t to = *at + n;
    return Moment{from.step + static_cast<std::uint32_t>(to / count), routing_layers_[to % count]};
}

std::optional<std::size_t> RoutingShape::distance(Moment from, Moment to) const {
    const auto begin = rank(from.layer), end = rank(to.layer);
    if (!begin || !end || to.step < from.step) return std::nullopt;
    const std::size_t ahead = (to.step - from.step) * routing_layers_.size() + *end;
    if (ahead <= *begin) return std::nullopt;
    return ahead - *begin;
}

}  // namespace greenroom::prefetch
