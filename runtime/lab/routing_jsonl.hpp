// The trace format of speculative-moe: one object per line, {"dataset", "problem_id", "layer",
// "experts", "gating_probs", "token_idx"}. Sizes of experts are not in it.
#pragma once

#include <string>
#include <string_view>

#include "io/result.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

// `name` is what messages call the text. Every expert comes out as one byte. An Error names line
// and value (HAZARDS 167).
io::Result<Trace> parse_routing_jsonl(std::string_view text, const std::string& name);

// Sizes, phases, outcomes, token ids and predictions have no place in this format.
std::string routing_jsonl(const Trace& trace);

}  // namespace greenroom::runtime
