#include "cli/stats_line.hpp"

#include <fmt/format.h>

#include "cli/human.hpp"
#include "cli/tier_report.hpp"

namespace greenroom::cli {
namespace {

// " at 15.3 tokens/s", or only " tokens" where no time was measured.
std::string speed(int tokens, double seconds) {
    if (tokens == 0 || seconds <= 0) return " tokens";
    const double per_second = tokens / seconds;
    return fmt::format(" at {:.{}f} tokens/s", per_second, per_second < 99.95 ? 1 : 0);
}

void add_latency(const std::optional<runtime::Latency>& token, io::Json& to) {
    const auto field = [&](double runtime::Latency::*part) {
        return token ? io::Json(*token.*part) : io::Json(nullptr);
    };
    to["token_p50_s"] = field(&runtime::Latency::p50_s);
    to["token_p95_s"] = field(&runtime::Latency::p95_s);
    to["token_p99_s"] = field(&runtime::Latency::p99_s);
}

io::Json speed_json(int tokens, double seconds) {
    return seconds > 0 ? io::Json(tokens / seconds) : io::Json(nullptr);
}

Stretch predicted(const runtime::Timings& timings) {
    return {.tokens = static_cast<std::uint64_t>(timings.predicted_n)};
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

std::string stats_report(const runtime::Generated& generated) {
    const runtime::Timings& timings = generated.timings;
    std::string out = stats_line(timings);
    if (const auto& token = timings.token) {
        out += fmt::format("\ntoken    half within {}, 95 % within {}, 99 % within {}",
                           human_seconds(token->p50_s),
                           human_seconds(token->p95_s),
                           human_seconds(token->p99_s));
    }
    if (!generated.predicted_tiers) return out;
    out += "\n" + tier_table(*generated.predicted_tiers, predicted(timings));
    if (generated.predictions.empty()) return out;
    return out + "\n" + predictions_row(generated.predictions);
}

std::string end_line(const runtime::Generated& generated) {
    const std::string speeds = stats_line(generated.timings);
    if (!generated.predicted_tiers) return speeds;
    return speeds + " · " + tier_line(*generated.predicted_tiers, predicted(generated.timings));
}

io::Json tiers_json(const runtime::Generated& generated) {
    if (!generated.predicted_tiers) return nullptr;
    const auto read = static_cast<std::uint64_t>(generated.timings.prompt_n);
    io::Json reply = tier_json(generated.predicted_tiers, predicted(generated.timings));
    reply.update(predictions_json(generated.predictions));
    return {{"prompt", tier_json(generated.prompt_tiers, {.tokens = read})}, {"predicted", reply}};
}

io::Json timings_json(const runtime::Timings& timings, double load_seconds) {
    io::Json out = {{"load_s", load_seconds},
                    {"reused_n", timings.reused_n},
                    {"prompt_n", timings.prompt_n},
                    {"prompt_s", timings.prompt_s},
                    {"prompt_per_second", speed_json(timings.prompt_n, timings.prompt_s)},
                    {"predicted_n", timings.predicted_n},
                    {"predicted_s", timings.predicted_s},
                    {"predicted_per_second", speed_json(timings.predicted_n, timings.predicted_s)},
                    {"first_token_s", timings.first_token_s}};
    add_latency(timings.token, out);
    return out;
}

}  // namespace greenroom::cli
