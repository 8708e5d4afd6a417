// A grid of replays: policies, scopes and budgets over one trace, each against Belady's. Knows no
// way of printing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "runtime/lab/timed_replay.hpp"

namespace greenroom::runtime {

struct SimulationGrid {
    std::vector<std::string> policies;
    std::vector<cache::Scope> scopes;
    std::vector<std::uint64_t> budgets;  // bytes
    cache::Overshoot overshoot = cache::Overshoot::leaves;
    // With a machine to estimate speed for: what is not the grid's own.
    std::optional<TimedSettings> timed = {};
};

struct SimulationRow {
    std::string policy;
    cache::Scope scope = cache::Scope::global;
    std::uint64_t budget_bytes = 0;
    ReplayCounts counts = {};
    // By how much the hit rate of the policy "belady" in the same scope and budget is higher. Where
    // experts differ in size that is a good policy, not the best possible one.
    double regret = 0;
    double bytes_per_token = 0;             // read for a decoded token
    std::optional<TimedCounts> timed = {};  // an estimate
};

// Told of every row as it is there.
using SimulationObserver = std::function<void(const SimulationRow&)>;

// Rows in the order budget, scope, policy. An Error when a policy is not known.
io::Result<void> simulate(const ReplayInput& input,
                          const SimulationGrid& grid,
                          const SimulationObserver& observer);

}  // namespace greenroom::runtime
