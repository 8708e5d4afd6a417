// What can be said of a trace without replaying it.
#pragma once

#include <cstdint>

#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

struct TraceFacts {
    std::uint64_t prefill_events = 0, decode_events = 0;
    std::uint64_t decode_tokens = 0;
    std::uint64_t lookups = 0;                        // distinct experts of each event, summed
    std::uint64_t experts_used = 0;                   // different ones
    std::uint64_t experts_bytes = 0;                  // of all experts
    std::uint64_t used_bytes = 0;                     // of those that were used: the working set
    std::uint64_t bytes_per_token = 0;                // of experts, that a decoded token uses
    std::uint64_t hits = 0, guesses = 0, misses = 0;  // as recorded, by row
    int predicted_layers_ahead = 0;                   // how far the recorded predictions reach
    double overlap = 0;  // share of a decoded token's experts that the token before used, too
};

TraceFacts trace_facts(const Trace& trace);

}  // namespace greenroom::runtime
