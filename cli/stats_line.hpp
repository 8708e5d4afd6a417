// What a generation cost, for people and for scripts.
#pragma once

#include <string>

#include "io/json.hpp"
#include "runtime/generate/generate.hpp"

namespace greenroom::cli {

// "prompt 23 tokens, 412 tokens/s · reply 87 tokens, 153 tokens/s · first token 0.06 s"
std::string stats_line(const runtime::Timings& timings);

// load_s, prompt_n, prompt_s, prompt_per_second, and so on, in seconds. A speed nobody measured is
// null.
io::Json timings_json(const runtime::Timings& timings, double load_seconds);

}  // namespace greenroom::cli
