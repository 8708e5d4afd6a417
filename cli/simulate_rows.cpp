#include "cli/simulate_rows.hpp"

#include <fmt/format.h>
#include <optional>

#include "cli/csv.hpp"
#include "cli/human.hpp"

namespace greenroom::cli {
namespace {

std::string_view scope_name(cache::Scope scope) {
    return scope == cache::Scope::layer ? "layer" : "global";
}

double percent(double share) {
    return 100 * share;
}

// Every field in every row: null without a machine to estimate for.
void add_estimate(const std::optional<runtime::TimedCounts>& timed, io::Json& out) {
    const auto put = [&](const char* name, auto value) {
        out[name] = timed ? io::Json(value(*timed)) : io::Json(nullptr);
    };
    using Timed = runtime::TimedCounts;
    put("estimated_ts", [](const Timed& t) { return t.tokens_per_s(); });
    put("estimated_stall_disk_s", [](const Timed& t) { return t.stall_disk_s; });
    put("estimated_stall_link_s", [](const Timed& t) { return t.stall_link_s; });
    put("estimated_stall_cpu_s", [](const Timed& t) { return t.stall_cpu_s; });
    put("disk_bytes", [](const Timed& t) { return t.disk_bytes; });
    put("link_bytes", [](const Timed& t) { return t.link_bytes; });
    put("guesses_issued", [](const Timed& t) { return t.guesses.issued; });
    put("guesses_useful", [](const Timed& t) { return t.guesses.useful; });
    put("guesses_late", [](const Timed& t) { return t.guesses.late; });
    put("guesses_wasted", [](const Timed& t) { return t.guesses.wasted; });
    const prefetch::PredictionCounters all =
        timed ? timed->predicted() : prefetch::PredictionCounters{};
    out["prediction_recall"] = all.used > 0 ? io::Json(all.recall()) : io::Json(nullptr);
    out["prediction_precision"] = all.guessed > 0 ? io::Json(all.precision()) : io::Json(nullptr);
}

// Of a decoded token.
double stall_ms(const runtime::TimedCounts& timed) {
    const double seconds = timed.stall_disk_s + timed.stall_link_s + timed.stall_cpu_s;
    return timed.decode_tokens == 0 ? 0 : 1e3 * seconds / static_cast<double>(timed.decode_tokens);
}

}  // namespace

io::Json simulation_json(const runtime::SimulationRow& row) {
    const runtime::ReplayCounts& counts = row.counts;
    io::Json out = {{"policy", row.policy},
                    {"scope", scope_name(row.scope)},
                    {"budget_bytes", row.budget_bytes},
                    {"peak_bytes", counts.peak_bytes},
                    {"lookups", counts.lookups},
                    {"hits", counts.hits},
                    {"hit_rate", counts.hit_rate()},
                    {"hit_rate_decode", counts.hit_rate_decode()},
                    {"hit_rate_bytes", counts.hit_rate_bytes()},
                    {"read_bytes", counts.read_bytes},
                    {"bytes_per_token", row.bytes_per_token},
                    {"evictions", counts.evictions},
                    {"compulsory", counts.compulsory},
                    {"capacity", counts.capacity()},
                    {"regret_vs_belady", row.regret}};
    add_estimate(row.timed, out);
    return out;
}

std::string simulation_csv_header() {
    return csv_header(simulation_json({}));
}

std::string simulation_csv(const runtime::SimulationRow& row) {
    return csv_line(simulation_json(row), CsvText::bare);
}

std::string simulation_table_header(bool estimates) {
    return fmt::format("{:<12} {:<6} {:>9}  {:>7} {:>7} {:>7}  {:>9} {:>9}  {:>8} {:>8} {:>7}{}\n",
                       "policy",
                       "scope",
                       "budget",
                       "hit %",
                       "decode",
                       "bytes",
                       "read",
                       "per token",
                       "evicted",
                       "capacity",
                       "regret",
                       estimates ? "  stall ms  est. t/s" : "");
}

std::string simulation_table(const runtime::SimulationRow& row) {
    const runtime::ReplayCounts& counts = row.counts;
    const std::string estimate =
        row.timed
            ? fmt::format("  {:>8.2f}  {:>8.2f}", stall_ms(*row.timed), row.timed->tokens_per_s())
            : "";
    return fmt::format(
        "{:<12} {:<6} {:>9}  {:>7.3f} {:>7.3f} {:>7.3f}  {:>9} {:>9}  {:>8} {:>8} {:>7.3f}{}\n",
        row.policy,
        scope_name(row.scope),
        human_bytes(row.budget_bytes),
        percent(counts.hit_rate()),
        percent(counts.hit_rate_decode()),
        percent(counts.hit_rate_bytes()),
        human_bytes(counts.read_bytes),
        human_bytes(static_cast<std::uint64_t>(row.bytes_per_token)),
        counts.evictions,
        counts.capacity(),
        percent(row.regret),
        estimate);
}

}  // namespace greenroom::cli
