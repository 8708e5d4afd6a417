// A recorded routing: which experts each layer chose for each token. Knows no model, no cache and
// no file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cache/key_table.hpp"
#include "io/expert_key.hpp"
#include "io/result.hpp"

namespace greenroom::runtime {

enum class Phase : std::uint8_t { prefill, decode };

// What a use was found as when it was recorded.
enum class TraceOutcome : std::uint8_t { unknown, hit, guess, miss };

// One (step, layer) set: the rows [first_row, first_row + n_rows) of the trace. A decode step has
// one token, a prefill event all tokens that went through the layer together, token by token, slot
// by slot.
struct TraceEvent {
    std::uint32_t step = 0;
    std::uint16_t layer = 0;
    Phase phase = Phase::decode;
    std::uint32_t first_row = 0;
    std::uint32_t n_rows = 0;
    std::uint32_t first_token = 0;  // of Trace::tokens, where those are known
    std::uint32_t n_tokens = 0;     // 0: not known
};

// What was expected of a layer not yet reached: guesses [first_guess, first_guess + n_guesses), the
// likeliest first.
struct TracePrediction {
    std::uint32_t event = 0;  // made when this event was routed
    std::uint16_t layer = 0;
    std::uint32_t first_guess = 0;
    std::uint32_t n_guesses = 0;
};

struct Trace {
    std::string model;
    int n_layers = 0;
    int n_experts = 0;
    int experts_per_token = 0;
    std::vector<std::uint64_t> expert_bytes;  // (layers, experts): what each takes in a tier
    std::uint64_t dense_bytes = 0;            // weights besides experts that a decoded token reads

    std::vector<TraceEvent> events;      // in the order in which they happened
    std::vector<std::uint16_t> experts;  // one per row
    std::vector<float> weights;          // one per row: the router's
    std::vector<TraceOutcome> outcomes;  // one per row, or none
    std::vector<std::int32_t> tokens;    // ids

    std::vector<TracePrediction> predictions;  // by event
    std::vector<std::uint16_t> guess_experts;  // one per guess
    std::vector<float> guess_probabilities;    // one per guess

    std::span<const std::uint16_t> experts_of(const TraceEvent& event) const {
        return std::span(experts).subspan(event.first_row, event.n_rows);
    }
    cache::KeyTable<std::uint64_t> expert_sizes() const;
    // All experts of a layer with the same size; an Error when there are too many to be true.
    io::Result<void> set_layer_bytes(std::span<const std::uint64_t> bytes);
};

// What no model reaches; keeps tables of experts small whatever a file says.
inline constexpr int kMostTraceLayers = 4096;
inline constexpr std::uint64_t kMostTraceExperts = 1u << 20;  // in all layers

// Whether everything in the trace lies in the ranges that it states. An Error says what does not.
io::Result<void> check_trace(const Trace& trace);

// An Error when the two do not have the same layers and experts.
io::Result<void> check_same_model(const Trace& a, const Trace& b);

// The distinct experts of an event in order of last use, as Residency::use takes them. `out` is
// cleared first.
void distinct_experts(const Trace& trace, const TraceEvent& event, std::vector<io::ExpertKey>& out);

}  // namespace greenroom::runtime
