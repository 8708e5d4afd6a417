// The trace format of BigMoeOnEdge: "# route_trace v1", a preamble with sizes, rows
// turn,phase,step,layer,slot,expert,weight,residency,expert_bytes.
#pragma once

#include <string>
#include <string_view>

#include "io/result.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

// `name` is what messages call the text. An Error names line and value (HAZARDS 167).
io::Result<Trace> parse_route_csv(std::string_view text, const std::string& name);

// Outcomes, token ids and predictions have no place in this format; neither have sizes that differ
// within a layer, of which the largest is written.
std::string route_csv(const Trace& trace);

}  // namespace greenroom::runtime
