#include "runtime/lab/simulate.hpp"

#include "runtime/lab/trace_facts.hpp"

namespace greenroom::runtime {

io::Result<void> simulate(const ReplayInput& input,
                          const SimulationGrid& grid,
                          const SimulationObserver& observer) {
    const auto tokens = static_cast<double>(trace_facts(input.trace()).decode_tokens);
    for (const std::uint64_t budget : grid.budgets) {
        for (const cache::Scope scope : grid.scopes) {
            const auto best = replay(input, {"belady", scope, budget});
            if (!best) return best.error();
            for (const std::string& policy : grid.policies) {
                const auto counts =
                    policy == "belady" ? best : replay(input, {policy, scope, budget});
                if (!counts) return counts.error();
                SimulationRow row{
                    .policy = policy, .scope = scope, .budget_bytes = budget, .counts = *counts};
                row.regret = best->hit_rate() - counts->hit_rate();
                if (tokens > 0) {
                    row.bytes_per_token = static_cast<double>(counts->decode_read_bytes) / tokens;
                }
                observer(row);
            }
        }
    }
    return {};
}

}  // namespace greenroom::runtime
