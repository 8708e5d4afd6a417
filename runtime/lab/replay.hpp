// Replays a trace through the cache's own residency rules and counts. No clock: how long a miss
// takes is not asked here.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cache/make_policy.hpp"
#include "cache/residency.hpp"
#include "io/result.hpp"
#include "runtime/lab/trace.hpp"
#include "runtime/lab/trace_facts.hpp"

namespace greenroom::runtime {

struct ReplaySettings {
    std::string policy = "lru";
    cache::Scope scope = cache::Scope::global;
    std::uint64_t budget_bytes = 0;
    std::vector<std::uint64_t> layer_budgets = {};          // instead of equal shares
    cache::Overshoot overshoot = cache::Overshoot::leaves;  // as in the engine
};

struct ReplayCounts {
    std::uint64_t lookups = 0, hits = 0;
    std::uint64_t decode_lookups = 0, decode_hits = 0;
    std::uint64_t lookup_bytes = 0, hit_bytes = 0;
    std::uint64_t read_bytes = 0, decode_read_bytes = 0;
    std::uint64_t evictions = 0;
    std::uint64_t compulsory = 0;  // misses of an expert never seen before
    std::uint64_t peak_bytes = 0;  // what was really resident at most
    std::uint64_t misses() const { return lookups - hits; }
    std::uint64_t capacity() const { return misses() - compulsory; }
    double hit_rate() const { return ratio(hits, lookups); }
    double hit_rate_decode() const { return ratio(decode_hits, decode_lookups); }
    double hit_rate_bytes() const { return ratio(hit_bytes, lookup_bytes); }

 private:
    static double ratio(std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    }
};

// Adds up what the events of a replay did.
class EventCounter {
 public:
    void add(const cache::EventOutcome& outcome, Phase phase);
    const ReplayCounts& counts() const { return counts_; }

 private:
    ReplayCounts counts_;  // but for peak_bytes
    cache::KeyTable<std::uint8_t> seen_;
};

// How many events used each expert.
cache::KeyTable<std::uint64_t> expert_uses(const Trace& trace);

// A trace prepared for many replays, several at a time: the distinct experts of every event, and
// what policies that know a trace are given.
class ReplayInput {
 public:
    // `trace` must outlive this. `profile`: what the policy "static" knows; the trace itself where
    // there is none. Both are of the same model.
    explicit ReplayInput(const Trace& trace,
                         const Trace* profile = nullptr,
                         std::uint64_t seed = 1);

    const Trace& trace() const { return trace_; }
    std::size_t n_events() const { return trace_.events.size(); }
    // As Residency::use takes them.
    std::span<const io::ExpertKey> experts_of(std::size_t event) const {
        return std::span(keys_).subspan(first_[event], first_[event + 1] - first_[event]);
    }
    const TraceFacts& facts() const { return facts_; }
    const cache::KeyTable<std::uint64_t>& sizes() const { return sizes_; }
    const cache::PolicyInputs& policy_inputs() const { return policy_inputs_; }

 private:
    const Trace& trace_;
    const TraceFacts facts_;
    std::vector<io::ExpertKey> keys_;
    std::vector<std::size_t> first_;  // of an event's keys, and the end
    cache::KeyTable<std::uint64_t> sizes_;
    cache::PolicyInputs policy_inputs_;
};

// Told of every event and what it did.
using ReplayObserver = std::function<void(std::size_t event, const cache::EventOutcome& outcome)>;

// The names of all policies that a replay can use.
std::span<const std::string_view> replay_policies();

// An Error when the policy is not known.
io::Result<ReplayCounts> replay(const ReplayInput& input,
                                const ReplaySettings& settings,
                                const ReplayObserver& observer = {});

}  // namespace greenroom::runtime
