#include "runtime/lab/simulate.hpp"

namespace greenroom::runtime {

namespace {

io::Result<SimulationRow> simulate_row(const ReplayInput& input,
                                       const SimulationGrid& grid,
                                       const ReplaySettings& point,
                                       const ReplayCounts& best) {
    SimulationRow row{
        .policy = point.policy, .scope = point.scope, .budget_bytes = point.budget_bytes};
    if (grid.timed) {
        TimedSettings settings = *grid.timed;
        settings.top = point;
        const auto timed = timed_replay(input, settings);
        if (!timed) return timed.error();
        row.counts = timed->top;
        row.timed = *timed;
    } else {
        const auto counts = replay(input, point);
        if (!counts) return counts.error();
        row.counts = *counts;
    }
    row.regret = best.hit_rate() - row.counts.hit_rate();
    return row;
}

}  // namespace

io::Result<void> simulate(const ReplayInput& input,
                          const SimulationGrid& grid,
                          const SimulationObserver& observer) {
    const auto tokens = static_cast<double>(input.facts().decode_tokens);
    for (const std::uint64_t budget : grid.budgets) {
        for (const cache::Scope scope : grid.scopes) {
            ReplaySettings point{.policy = "belady",
                                 .scope = scope,
                                 .budget_bytes = budget,
                                 .overshoot = grid.overshoot};
            const auto best = replay(input, point);
            if (!best) return best.error();
            for (const std::string& policy : grid.policies) {
                point.policy = policy;
                auto row = simulate_row(input, grid, point, *best);
                if (!row) return row.error();
                if (tokens > 0) {
                    row->bytes_per_token =
                        static_cast<double>(row->counts.decode_read_bytes) / tokens;
                }
                observer(*row);
            }
        }
    }
    return {};
}

}  // namespace greenroom::runtime
