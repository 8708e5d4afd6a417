// Replays a trace through the cache's own residency rules and counts. No clock: how long a miss
// takes is not asked here.
#pragma once

#include <cstdint>
#include <string>

#include "cache/make_policy.hpp"
#include "cache/residency.hpp"
#include "io/result.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

struct ReplaySettings {
    std::string policy = "lru";
    cache::Scope scope = cache::Scope::global;
    std::uint64_t budget_bytes = 0;
    std::uint64_t seed = 1;
};

struct ReplayCounts {
    std::uint64_t lookups = 0, hits = 0;
    std::uint64_t decode_lookups = 0, decode_hits = 0;
    std::uint64_t lookup_bytes = 0, hit_bytes = 0;
    std::uint64_t read_bytes = 0;
    std::uint64_t evictions = 0;
    std::uint64_t compulsory = 0;  // misses of an expert never seen before
    std::uint64_t peak_bytes = 0;  // what was really resident at most
    std::uint64_t capacity() const { return lookups - hits - compulsory; }
    double hit_rate() const { return ratio(hits, lookups); }
    double hit_rate_decode() const { return ratio(decode_hits, decode_lookups); }
    double hit_rate_bytes() const { return ratio(hit_bytes, lookup_bytes); }

 private:
    static double ratio(std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    }
};

// What policies that know the trace are given: its future, and its use counts as a profile.
cache::PolicyInputs policy_inputs(const Trace& trace, std::uint64_t seed);

io::Result<ReplayCounts> replay(const Trace& trace, const ReplaySettings& settings);

}  // namespace greenroom::runtime
