// What a generation cost, for people and for scripts.
#pragma once

#include <string>

#include "io/json.hpp"
#include "runtime/generate/generate.hpp"

namespace greenroom::cli {

// "prompt 23 at 412 tokens/s · reply 87 at 153 tokens/s · first token 60 ms"; prompt tokens that
// were in the model already are not counted: "prompt 12 (23 kept) at …".
std::string stats_line(const runtime::Timings& timings);

// The same, and behind it what the expert tiers did for the reply, where there are any.
std::string end_line(const runtime::Generated& generated);

// All of it, in lines of at most 80 columns: speeds, latencies, and the tiers as a table.
std::string stats_report(const runtime::Generated& generated);

// What the tiers did for "prompt" and "predicted"; null without tiers.
io::Json tiers_json(const runtime::Generated& generated);

// load_s, prompt_n, prompt_s, prompt_per_second, and so on, in seconds. A speed nobody measured is
// null.
io::Json timings_json(const runtime::Timings& timings, double load_seconds);

}  // namespace greenroom::cli
