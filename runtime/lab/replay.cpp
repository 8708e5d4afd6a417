#include "runtime/lab/replay.hpp"

namespace greenroom::runtime {
cache::KeyTable<std::uint64_t> expert_uses(const Trace& trace) {
    cache::KeyTable<std::uint64_t> uses;
    std::vector<io::ExpertKey> keys;
    for (const TraceEvent& event : trace.events) {
        distinct_experts(trace, event, keys);
        for (const io::ExpertKey key : keys) ++uses[key];
    }
    return uses;
}

void EventCounter::add(const cache::EventOutcome& outcome, Phase phase) {
    const std::size_t lookups = outcome.hits.size() + outcome.misses.size();
    counts_.lookups += lookups;
    counts_.hits += outcome.hits.size();
    counts_.hit_bytes += outcome.hit_bytes;
    counts_.lookup_bytes += outcome.hit_bytes + outcome.miss_bytes;
    counts_.read_bytes += outcome.miss_bytes;
    counts_.evictions += outcome.evictions();
    for (const io::ExpertKey key : outcome.misses) {
        counts_.compulsory += seen_[key] == 0 ? 1 : 0;
        seen_[key] = 1;
    }
    if (phase != Phase::decode) return;
    counts_.decode_lookups += lookups;
    counts_.decode_hits += outcome.hits.size();
    counts_.decode_read_bytes += outcome.miss_bytes;
}

std::span<const std::string_view> replay_policies() {
    return cache::policy_names();
}

ReplayInput::ReplayInput(const Trace& trace, const Trace* profile, std::uint64_t seed)
    : trace_(trace), facts_(trace_facts(trace)), sizes_(trace.expert_sizes()) {
    policy_inputs_.seed = seed;
    policy_inputs_.profile = expert_uses(profile == nullptr ? trace : *profile);
    std::vector<io::ExpertKey> keys;
    for (const TraceEvent& event : trace.events) {
        first_.push_back(keys_.size());
        distinct_experts(trace, event, keys);
        for (const io::ExpertKey key : keys) {
            policy_inputs_.future[key].push_back(static_cast<std::uint32_t>(first_.size() - 1));
        }
        keys_.insert(keys_.end(), keys.begin(), keys.end());
    }
    first_.push_back(keys_.size());
}

io::Result<ReplayCounts> replay(const ReplayInput& input,
                                const ReplaySettings& settings,
                                const ReplayObserver& observer) {
    const auto make = [&] { return cache::make_policy(settings.policy, input.policy_inputs()); };
    if (auto known = make(); !known) return known.error();
    const Trace& trace = input.trace();
    cache::Residency residency({.budget_bytes = settings.budget_bytes,
                                .scope = settings.scope,
                                .n_layers = trace.n_layers,
                                .layer_budgets = settings.layer_budgets,
                                .overshoot = settings.overshoot},
                               input.sizes(),
                               [&] { return std::move(*make()); });
    EventCounter counter;
    for (std::size_t i = 0; i < input.n_events(); ++i) {
        const cache::EventOutcome& outcome = residency.use(input.experts_of(i));
        counter.add(outcome, trace.events[i].phase);
        if (observer) observer(i, outcome);
    }
    ReplayCounts counts = counter.counts();
    counts.peak_bytes = residency.peak_bytes();
    return counts;
}

}  // namespace greenroom::runtime
