// How many experts each layer of a model has, and the order in which its layers route. Knows no
// model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "io/expert_key.hpp"

namespace greenroom::prefetch {

// One layer's routing in one step. Steps count tokens: positions in the engine, steps of a trace in
// a replay.
struct Moment {
    std::uint32_t step = 0;
    std::uint16_t layer = 0;
    bool operator==(const Moment&) const = default;
};

class RoutingShape {
 public:
    // `n_experts` of each layer, 0 for a layer without a router; `n_used` of them for each token.
    RoutingShape(std::vector<std::uint16_t> n_experts, std::size_t n_used);

    std::size_t n_layers() const { return n_experts_.size(); }
    std::size_t n_experts(std::uint16_t layer) const {
        return layer < n_experts_.size() ? n_experts_[layer] : 0;
    }
    std::size_t n_routing_layers() const { return routing_layers_.size(); }
    std::size_t most_experts() const;
    std::size_t n_used() const { return n_used_; }
    bool contains(io::ExpertKey key) const { return key.expert < n_experts(key.layer); }

    // The n-th routing behind `from`: layers without a router are passed over, and behind the last
    // layer comes the next step's first. Empty when `from` or all layers have no router.
    std::optional<Moment> after(Moment from, std::size_t n) const;
    // How many routings `to` lies behind `from`; empty when it does not, or has no router.
    std::optional<std::size_t> distance(Moment from, Moment to) const;

 private:
    static constexpr std::size_t kNone = SIZE_MAX;
    std::optional<std::size_t> rank(std::uint16_t layer) const;  // among the layers that route

    std::vector<std::uint16_t> n_experts_;
    std::size_t n_used_;
    std::vector<std::uint16_t> routing_layers_;
    std::vector<std::size_t> ranks_;  // kNone for layers without a router
};

}  // namespace greenroom::prefetch
