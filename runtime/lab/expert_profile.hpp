// What a recorded trace says of a model before it runs: which experts are popular, and which layers
// gain most from memory.
#pragma once

#include "io/result.hpp"
#include "runtime/lab/trace.hpp"
#include "runtime/model/expert_tiers.hpp"
#include "runtime/settings.hpp"

namespace greenroom::runtime {

// Shares of a budget, one per layer. One slot after the other goes to the layer where it turns most
// misses of the trace into hits under LRU, per byte, by the stack distances of Mattson et al. 1970;
// where none gains, to the layer with the least. Every layer gets room for one token's experts.
std::vector<double> layer_shares(const Trace& trace, std::uint64_t budget_bytes);

// Of the trace that settings.cache.profile names; nothing where it names none. Shares are worked
// out for the budget of the tier that experts are used from.
io::Result<ExpertProfile> expert_profile(const Settings& settings);

}  // namespace greenroom::runtime
