#include "runtime/lab/trace_facts.hpp"

#include <algorithm>

namespace greenroom::runtime {
namespace {

void count_outcomes(const Trace& trace, TraceFacts& facts) {
    const auto count = [&](TraceOutcome wanted) {
        return static_cast<std::uint64_t>(std::ranges::count(trace.outcomes, wanted));
    };
    facts.hits = count(TraceOutcome::hit);
    facts.guesses = count(TraceOutcome::guess);
    facts.misses = count(TraceOutcome::miss);
}

void count_sizes(const Trace& trace, const cache::KeyTable<std::uint8_t>& used, TraceFacts& facts) {
    std::size_t at = 0;
    for (int l = 0; l < trace.n_layers; ++l) {
        for (int e = 0; e < trace.n_experts; ++e) {
            const std::uint64_t bytes = trace.expert_bytes[at++];
            facts.experts_bytes += bytes;
            const std::uint8_t* is_used =
                used.find({static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)});
            if (is_used == nullptr || *is_used == 0) continue;
            ++facts.experts_used;
            facts.used_bytes += bytes;
        }
    }
}

}  // namespace

TraceFacts trace_facts(const Trace& trace) {
    TraceFacts facts;
    cache::KeyTable<std::uint8_t> used;
    std::vector<std::vector<io::ExpertKey>> before(static_cast<std::size_t>(trace.n_layers));
    std::vector<std::uint64_t> tokens(before.size());  // decoded, by layer
    std::vector<io::ExpertKey> keys;
    const cache::KeyTable<std::uint64_t> sizes = trace.expert_sizes();
    std::uint64_t decode_bytes = 0, compared = 0, again = 0;
    for (const TraceEvent& event : trace.events) {
        distinct_experts(trace, event, keys);
        facts.lookups += keys.size();
        for (const io::ExpertKey key : keys) used[key] = 1;
        ++(event.phase == Phase::decode ? facts.decode_events : facts.prefill_events);
        if (event.phase != Phase::decode) continue;
        ++tokens[event.layer];
        for (const io::ExpertKey key : keys) decode_bytes += *sizes.find(key);
        auto& last = before[event.layer];
        if (!last.empty()) {
            compared += keys.size();
            for (const io::ExpertKey key : keys) again += std::ranges::count(last, key);
        }
        last = keys;
    }
    facts.decode_tokens = *std::ranges::max_element(tokens);
    if (facts.decode_tokens > 0) facts.bytes_per_token = decode_bytes / facts.decode_tokens;
    if (compared > 0) facts.overlap = static_cast<double>(again) / static_cast<double>(compared);
    for (const TracePrediction& p : trace.predictions) {
        facts.predicted_layers_ahead =
            std::max(facts.predicted_layers_ahead, p.layer - trace.events[p.event].layer);
    }
    count_outcomes(trace, facts);
    count_sizes(trace, used, facts);
    return facts;
}

}  // namespace greenroom::runtime
