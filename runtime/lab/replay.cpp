#include "runtime/lab/replay.hpp"

namespace greenroom::runtime {

cache::PolicyInputs policy_inputs(const Trace& trace, std::uint64_t seed) {
    cache::PolicyInputs inputs;
    inputs.seed = seed;
    std::vector<io::ExpertKey> keys;
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        distinct_experts(trace, trace.events[i], keys);
        for (const io::ExpertKey key : keys) {
            ++inputs.profile[key];
            inputs.future[key].push_back(static_cast<std::uint32_t>(i));
        }
    }
    return inputs;
}

io::Result<ReplayCounts> replay(const Trace& trace, const ReplaySettings& settings) {
    const cache::PolicyInputs inputs = policy_inputs(trace, settings.seed);
    if (auto known = cache::make_policy(settings.policy, inputs); !known) return known.error();
    cache::Residency residency(
        {settings.budget_bytes, settings.scope, trace.n_layers}, trace.expert_sizes(), [&] {
            return std::move(*cache::make_policy(settings.policy, inputs));
        });
    ReplayCounts counts;
    cache::KeyTable<std::uint8_t> seen;
    std::vector<io::ExpertKey> keys;
    for (const TraceEvent& event : trace.events) {
        distinct_experts(trace, event, keys);
        const cache::EventOutcome& outcome = residency.use(keys);
        counts.lookups += keys.size();
        counts.hits += outcome.hits.size();
        counts.hit_bytes += outcome.hit_bytes;
        counts.lookup_bytes += outcome.hit_bytes + outcome.miss_bytes;
        counts.read_bytes += outcome.miss_bytes;
        counts.evictions += outcome.evicted.size();
        if (event.phase == Phase::decode) {
            counts.decode_lookups += keys.size();
            counts.decode_hits += outcome.hits.size();
        }
        for (const io::ExpertKey key : outcome.misses) {
            counts.compulsory += seen[key] == 0 ? 1 : 0;
            seen[key] = 1;
        }
    }
    counts.peak_bytes = residency.peak_bytes();
    return counts;
}

}  // namespace greenroom::runtime
