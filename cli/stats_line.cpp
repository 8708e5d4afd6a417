#include "cli/stats_line.hpp"

#include <fmt/format.h>

#include "cli/human.hpp"

namespace greenroom::cli {
namespace {

// " at 15.3 tokens/s", or only " tokens" where no time was measured.
std::string speed(int tokens, double seconds) {
    if (tokens == 0 || seconds <= 0) return " tokens";
    const double per_second = tokens / seconds;
    return fmt::format(" at {:.{}f} tokens/s", per_second, per_second < 99.95 ? 1 : 0);
}

io::Json speed_json(int tokens, double seconds) {
    return seconds > 0 ? io::Json(tokens / seconds) : io::Json(nullptr);
}

}  // namespace

std::string stats_line(const runtime::Timings& timings) {
    std::string out = fmt::format("prompt {}", timings.prompt_n);
    if (timings.reused_n > 0) out += fmt::format(" ({} kept)", timings.reused_n);
    out += speed(timings.prompt_n, timings.prompt_s);
    out += fmt::format(" · reply {}", timings.predicted_n);
    out += speed(timings.predicted_n, timings.predicted_s);
    if (timings.first_token_s > 0) {
        out += fmt::format(" · first token {}", human_seconds(timings.first_token_s));
    }
    return out;
}

io::Json timings_json(const runtime::Timings& timings, double load_seconds) {
    return {{"load_s", load_seconds},
            {"reused_n", timings.reused_n},
            {"prompt_n", timings.prompt_n},
            {"prompt_s", timings.prompt_s},
            {"prompt_per_second", speed_json(timings.prompt_n, timings.prompt_s)},
            {"predicted_n", timings.predicted_n},
            {"predicted_s", timings.predicted_s},
            {"predicted_per_second", speed_json(timings.predicted_n, timings.predicted_s)},
            {"first_token_s", timings.first_token_s}};
}

}  // namespace greenroom::cli
