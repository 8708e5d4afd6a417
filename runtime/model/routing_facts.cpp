#include "runtime/model/routing_facts.hpp"

#include <algorithm>

#include "runtime/model/describe.hpp"

namespace greenroom::runtime {

cache::ExpertHomes routed_experts(const ModelHomes& homes) {
    cache::ExpertHomes out;
    for (const LayerHomes& layer : homes.layers) {
        out.push_back(layer.router ? layer.experts : std::vector<FfnHome>());
    }
    return out;
}

RoutingFacts routing_facts(const ModelHomes& homes, const Hyperparameters& h) {
    RoutingFacts out{.layers = h.layers,
                     .experts = h.experts,
                     .experts_per_token = h.experts_used,
                     .slot_bytes = {},
                     .dense_bytes = weight_bytes_per_token(homes, h)};
    for (const LayerHomes& layer : homes.layers) {
        if (!layer.router) continue;
        const auto larger = [](const FfnHome& a, const FfnHome& b) {
            return a.bytes() < b.bytes();
        };
        const auto largest = std::ranges::max_element(layer.experts, larger);
        out.dense_bytes -= largest->bytes() * static_cast<std::uint64_t>(h.experts_used);
    }
    out.slot_bytes = cache::slot_sizes(routed_experts(homes)).bytes;
    return out;
}

}  // namespace greenroom::runtime
