// What a recorded routing must be known with to be replayed: how many experts there are, and what
// they weigh.
#pragma once

#include <cstdint>

#include "cache/key_table.hpp"
#include "cache/tiers/slot_sizes.hpp"
#include "runtime/model/homes.hpp"

namespace greenroom::runtime {

struct RoutingFacts {
    int layers = 0, experts = 0, experts_per_token = 0;  // experts: 0 in a dense model
    cache::KeyTable<std::uint64_t> slot_bytes;           // what each expert takes in a tier
    std::uint64_t dense_bytes = 0;  // weights besides experts that a decoded token reads
};

// [layer][expert]; layers without a router are empty.
cache::ExpertHomes routed_experts(const ModelHomes& homes);

RoutingFacts routing_facts(const ModelHomes& homes, const Hyperparameters& h);

}  // namespace greenroom::runtime
