// How many events of a trace does a replay get through in a second? For every policy and scope.
#include <chrono>
#include <cstdio>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <random>

#include "perf/run_facts.hpp"

#include "io/json.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "runtime/lab/read_trace.hpp"
#include "runtime/lab/replay.hpp"
#include "runtime/lab/trace_facts.hpp"

namespace {

using namespace greenroom;
using Clock = std::chrono::steady_clock;

// Mixtral's shape: 32 layers, two of eight experts. Every other choice is that of the token before,
// which gives about the overlap that recorded routing has.
runtime::Trace mixtral_like(std::uint32_t n_tokens) {
    runtime::Trace trace;
    trace.model = "random, Mixtral's shape";
    trace.n_layers = 32;
    trace.n_experts = 8;
    trace.experts_per_token = 2;
    trace.expert_bytes.assign(32 * 8, 99'000'000);
    std::mt19937 random(1);
    for (std::uint32_t step = 0; step < n_tokens; ++step) {
        for (std::uint16_t layer = 0; layer < 32; ++layer) {
            const auto row = static_cast<std::uint32_t>(trace.experts.size());
            trace.events.push_back({.step = step, .layer = layer, .first_row = row, .n_rows = 2});
            auto a = static_cast<std::uint16_t>(random() % 8);
            if (step > 0 && random() % 2 == 0) a = trace.experts[row - 64];
            trace.experts.push_back(a);
            trace.experts.push_back(static_cast<std::uint16_t>((a + 1 + random() % 7) % 8));
        }
    }
    trace.weights.assign(trace.experts.size(), 0.5F);
    return trace;
}

void measure(const runtime::ReplayInput& input,
             const runtime::ReplaySettings& settings,
             int repeats) {
    std::vector<double> seconds;
    for (int i = 0; i < repeats; ++i) {
        const auto begin = Clock::now();
        if (!runtime::replay(input, settings)) return;
        seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    const auto events = static_cast<double>(input.n_events());
    const io::Json row = {{"question", "replay"},
                          {"policy", settings.policy},
                          {"scope", settings.scope == cache::Scope::layer ? "layer" : "global"},
                          {"budget_bytes", settings.budget_bytes},
                          {"model", input.trace().model},
                          {"events", input.n_events()},
                          {"median_s", perf::quantile(seconds, 0.5)},
                          {"p99_s", perf::quantile(seconds, 0.99)},
                          {"events_per_s", events / perf::quantile(seconds, 0.5)},
                          {"cpu", runtime::cpu_name()},
                          {"commit", perf::commit()}};
    std::printf("%s\n", row.dump().c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    cxxopts::Options options("perf_simulate", "Events per second of a replay, by policy.");
    options.add_options()(
        "trace", "a trace; default: random, Mixtral's shape", cxxopts::value<std::string>())(
        "tokens", "of the random trace", cxxopts::value<std::uint32_t>()->default_value("4000"))(
        "r,repeats", "", cxxopts::value<int>()->default_value("5"))("h,help", "");
    const auto flags = options.parse(argc, argv);
    if (flags.count("help") > 0) {
        std::printf("%s", options.help().c_str());
        return 0;
    }
    runtime::Trace trace;
    if (flags.count("trace") > 0) {
        auto read = runtime::read_trace(flags["trace"].as<std::string>());
        if (!read) {
            std::fprintf(stderr, "perf_simulate: %s\n", read.error().message.c_str());
            return 1;
        }
        trace = std::move(*read);
    } else {
        trace = mixtral_like(flags["tokens"].as<std::uint32_t>());
    }
    const runtime::ReplayInput input(trace);
    const std::uint64_t half = runtime::trace_facts(trace).experts_bytes / 2;
    for (const std::string_view policy : runtime::replay_policies()) {
        for (const cache::Scope scope : {cache::Scope::global, cache::Scope::layer}) {
            measure(input, {std::string(policy), scope, half}, flags["repeats"].as<int>());
        }
    }
    return 0;
}
