// What a generation cost, for people and for scripts.
#pragma once

#include <string>

#include "io/json.hpp"
#include "runtime/generate/generate.hpp"

namespace greenroom::cli {

// "prompt 23 at 412 tokens/s · reply 87 at 153 tokens/s · first token 60 ms"; prompt tokens that
// were in the model already are not counted: "prompt 12 (23 kept) at …".
std::string stats_line(const runtime::Timings& timings);

// load_s, prompt_n, prompt_s, prompt_per_second, and so on, in seconds. A speed nobody measured is
// null.
io::Json timings_json(const runtime::Timings& timings, double load_seconds);

}  // namespace greenroom::cli
