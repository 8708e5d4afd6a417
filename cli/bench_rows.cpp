#include "cli/bench_rows.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/csv.hpp"
#include "cli/human.hpp"
#include "cli/tier_report.hpp"
#include "runtime/model/latency.hpp"

namespace greenroom::cli {
namespace {

constexpr double kGiga = 1e9;

// What decoding reads and how fast the machine could: only for rows that decode alone.
struct Bound {
    double read;               // bytes per second
    std::optional<double> ts;  // tokens per second
};

std::optional<Bound> bound_of(const BenchSubject& subject, const runtime::BenchResult& result) {
    if (result.test.n_prompt > 0 || subject.bytes_per_token == 0) return std::nullopt;
    const auto bytes = static_cast<double>(subject.bytes_per_token);
    Bound bound{.read = bytes * runtime::mean(result.tokens_per_second()), .ts = {}};
    if (!subject.machine_read) return bound;
    double token_s = bytes / *subject.machine_read;
    const auto& tiers = result.tiers;
    if (tiers && tiers->device && tiers->link_bytes > 0 && tiers->cpu_experts == 0) {
        const auto misses = static_cast<double>(tiers->device->miss_bytes);
        const double link_s = misses / static_cast<double>(tiers->link_bytes) * tiers->link_busy_s;
        token_s = std::max(token_s, link_s / static_cast<double>(result.timed_tokens()));
    }
    bound.ts = 1 / token_s;
    return bound;
}

io::Json number(const std::optional<double>& value) {
    return value ? io::Json(*value) : io::Json(nullptr);
}

std::vector<double> nanoseconds(const std::vector<double>& seconds) {
    std::vector<double> out = seconds;
    for (double& value : out) value *= 1e9;
    return out;
}

void add_bound(const BenchSubject& subject, const runtime::BenchResult& result, io::Json& row) {
    const auto bound = bound_of(subject, result);
    const double speed = runtime::mean(result.tokens_per_second());
    row["bytes_per_token"] = bound ? io::Json(subject.bytes_per_token) : io::Json(nullptr);
    row["read_gbps"] = bound ? io::Json(bound->read / kGiga) : io::Json(nullptr);
    row["machine_read_gbps"] =
        subject.machine_read ? io::Json(*subject.machine_read / kGiga) : io::Json(nullptr);
    row["bound_ts"] = bound ? number(bound->ts) : io::Json(nullptr);
    row["bound_ratio"] = bound && bound->ts ? io::Json(speed / *bound->ts) : io::Json(nullptr);
}

// Fields of docs/metrics.md.
void add_tiers(const runtime::BenchResult& result, io::Json& row) {
    row.update(
        tier_json(result.tiers, {.tokens = result.timed_tokens(), .runs = result.seconds.size()}));
    row.update(predictions_json(result.predictions));
}

void add_latency(const runtime::BenchResult& result, io::Json& row) {
    const auto latency = runtime::latency_of(result.token_seconds);
    const auto& prompts = result.prompt_seconds;
    row["first_token_s"] = prompts.empty() ? io::Json(nullptr) : io::Json(runtime::mean(prompts));
    row["token_p50_s"] = latency ? io::Json(latency->p50_s) : io::Json(nullptr);
    row["token_p95_s"] = latency ? io::Json(latency->p95_s) : io::Json(nullptr);
    row["token_p99_s"] = latency ? io::Json(latency->p99_s) : io::Json(nullptr);
    row["peak_memory_bytes"] =
        result.peak_memory ? io::Json(*result.peak_memory) : io::Json(nullptr);
}

// What one kind of step did, per token.
struct OpRow {
    std::string name;
    double seconds, share;  // of the time of the test
    double gbps, gflops;    // 0 where nothing is read or multiplied
};

// The steps that took time, and what lies between them.
std::vector<OpRow> op_rows(const runtime::BenchResult& result) {
    std::vector<OpRow> rows;
    const runtime::BenchResult::Steps& steps = *result.steps;
    const double tokens = result.test.n_prompt + result.test.n_gen;
    double rest = steps.seconds;
    for (std::size_t i = 0; i < runtime::kOps; ++i) {
        const runtime::OpTotal& op = steps.ops[i];
        if (op.calls == 0) continue;
        rest -= op.seconds;
        rows.push_back({.name = std::string(name(static_cast<runtime::Op>(i))),
                        .seconds = op.seconds / tokens,
                        .share = op.seconds / steps.seconds,
                        .gbps = static_cast<double>(op.work.bytes) / op.seconds / kGiga,
                        .gflops = 2 * static_cast<double>(op.work.products) / op.seconds / kGiga});
    }
    rows.push_back({"other", rest / tokens, rest / steps.seconds, 0, 0});
    return rows;
}

// A step's part of what the machine reads at best; nothing where that says nothing.
std::optional<double> of_bound(const BenchSubject& subject, const OpRow& row) {
    if (!subject.machine_read || row.gbps == 0) return std::nullopt;
    return row.gbps * kGiga / *subject.machine_read;
}

io::Json ops_json(const BenchSubject& subject, const runtime::BenchResult& result) {
    io::Json ops = io::Json::array();
    for (const OpRow& row : op_rows(result)) {
        ops.push_back({{"op", row.name},
                       {"seconds_per_token", row.seconds},
                       {"share", row.share},
                       {"read_gbps", row.gbps > 0 ? io::Json(row.gbps) : io::Json(nullptr)},
                       {"bound_ratio", number(of_bound(subject, row))},
                       {"gflops", row.gflops > 0 ? io::Json(row.gflops) : io::Json(nullptr)}});
    }
    return ops;
}

std::string now() {
    return fmt::format(
        "{:%Y-%m-%dT%H:%M:%SZ}",
        fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

// A cell that no model's name breaks.
std::string cell(std::string text) {
    std::replace(text.begin(), text.end(), '|', '/');
    return text;
}

}  // namespace

bool is_faster_than_memory(const BenchSubject& subject, const runtime::BenchResult& result) {
    const auto bound = bound_of(subject, result);
    return bound && bound->ts && runtime::mean(result.tokens_per_second()) > *bound->ts;
}

std::string bench_test_name(const runtime::BenchTest& test) {
    std::string name;
    if (test.n_prompt > 0) name = fmt::format("pp{}", test.n_prompt);
    if (test.n_gen > 0) name += fmt::format("{}tg{}", name.empty() ? "" : "+", test.n_gen);
    if (test.n_depth > 0) name += fmt::format(" @ d{}", test.n_depth);
    return name;
}

io::Json bench_json(const BenchSubject& subject, const runtime::BenchResult& result) {
    const std::vector<double> ns = nanoseconds(result.seconds);
    const std::vector<double> speeds = result.tokens_per_second();
    io::Json row = {{"version", GREENROOM_VERSION},
                    {"cpu_info", subject.cpu},
                    {"cpu_path", subject.instructions},
                    {"backends", "CPU"},
                    {"model_filename", subject.model_file},
                    {"model_type", subject.model_name},
                    {"model_size", subject.model_bytes},
                    {"model_n_params", subject.parameters},
                    {"n_batch", subject.batch},
                    {"n_threads", subject.threads},
                    {"type_k", subject.kv_type},
                    {"type_v", subject.kv_type},
                    {"n_prompt", result.test.n_prompt},
                    {"n_gen", result.test.n_gen},
                    {"n_depth", result.test.n_depth},
                    {"routing", subject.routing},
                    {"test_time", now()},
                    {"avg_ns", runtime::mean(ns)},
                    {"stddev_ns", runtime::standard_deviation(ns)},
                    {"avg_ts", runtime::mean(speeds)},
                    {"stddev_ts", runtime::standard_deviation(speeds)}};
    add_bound(subject, result, row);
    add_latency(result, row);
    add_tiers(result, row);
    row["samples_ns"] = ns;
    row["samples_ts"] = speeds;
    if (result.steps) row["ops"] = ops_json(subject, result);
    return row;
}

std::string bench_csv_header(const io::Json& row) {
    return csv_header(row);
}

std::string bench_csv(const io::Json& row) {
    return csv_line(row, CsvText::quoted);
}

std::string bench_markdown_header() {
    return "| model | size | params | backend | threads | test | t/s | GB/s | of bound |\n"
           "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n";
}

std::string bench_markdown(const BenchSubject& subject, const runtime::BenchResult& result) {
    const std::vector<double> speeds = result.tokens_per_second();
    const auto bound = bound_of(subject, result);
    const double speed = runtime::mean(speeds);
    return fmt::format("| {} | {} | {} | CPU | {} | {} | {:.2f} ± {:.2f} | {} | {} |\n",
                       cell(io::printable(subject.model_name)),
                       human_bytes(subject.model_bytes),
                       human_count(subject.parameters),
                       subject.threads,
                       bench_test_name(result.test),
                       speed,
                       runtime::standard_deviation(speeds),
                       bound ? fmt::format("{:.1f}", bound->read / kGiga) : "",
                       bound && bound->ts ? fmt::format("{:.0f} %", 100 * speed / *bound->ts) : "");
}

std::string bench_ops_markdown(const BenchSubject& subject, const runtime::BenchResult& result) {
    if (!result.steps) return "";
    std::string out = fmt::format(
        "\n{}, step by step:\n\n"
        "| op | µs/token | share | GB/s | of bound | GFLOP/s |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n",
        bench_test_name(result.test));
    for (const OpRow& row : op_rows(result)) {
        const std::optional<double> bound = of_bound(subject, row);
        out += fmt::format("| {} | {:.1f} | {:.1f} % | {} | {} | {} |\n",
                           row.name,
                           row.seconds * 1e6,
                           row.share * 100,
                           row.gbps > 0 ? fmt::format("{:.1f}", row.gbps) : "",
                           bound ? fmt::format("{:.0f} %", *bound * 100) : "",
                           row.gflops > 0 ? fmt::format("{:.0f}", row.gflops) : "");
    }
    return out + "\n";
}

}  // namespace greenroom::cli
