// A recorded routing: which experts each layer chose for each token. Knows no model and no cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cache/key_table.hpp"
#include "io/expert_key.hpp"
#include "io/result.hpp"

namespace greenroom::runtime {

enum class Phase : std::uint8_t { prefill, decode };

// One (step, layer) set: the rows [first_row, first_row + n_rows) of the trace. A decode step has
// one token, a prefill event all tokens of the prompt, token by token, slot by slot.
struct TraceEvent {
    std::uint32_t step = 0;
    std::uint16_t layer = 0;
    Phase phase = Phase::decode;
    std::uint32_t first_row = 0;
    std::uint32_t n_rows = 0;
};

struct Trace {
    std::string model;
    int n_layers = 0;
    int n_experts = 0;
    int experts_per_token = 0;
    std::vector<std::uint64_t> expert_bytes;  // per layer
    std::vector<TraceEvent> events;           // in the order in which they happened
    std::vector<std::uint16_t> experts;       // one per row
    std::vector<float> weights;               // one per row

    std::span<const std::uint16_t> experts_of(const TraceEvent& event) const {
        return std::span(experts).subspan(event.first_row, event.n_rows);
    }
    cache::KeyTable<std::uint64_t> expert_sizes() const;
};

// Reads a trace in any known format, told apart by its first line:
//   "# route_trace v1"  BigMoeOnEdge CSV
//   {"dataset": …}      speculative-moe JSONL; expert sizes are not in the file and come out as 1
// An Error names file, line and value (HAZARDS 167).
io::Result<Trace> read_trace(const std::filesystem::path& path);

// The distinct experts of an event in order of last use, as Residency::use takes them. `out` is
// cleared first.
void distinct_experts(const Trace& trace, const TraceEvent& event, std::vector<io::ExpertKey>& out);

}  // namespace greenroom::runtime
