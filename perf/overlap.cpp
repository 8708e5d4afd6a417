// Do transfers hide behind computing? An emulated device whose link needs as long for a token's
// misses as the model computes: without prediction the two add up, with perfect prediction the
// longer one remains. One sample is one decoded token; the three ways run in alternation.
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

#include "perf/model_under_test.hpp"
#include "perf/run_facts.hpp"

#include "io/model_files.hpp"
#include "runtime/lab/cpu_name.hpp"

namespace greenroom::perf {
namespace {

constexpr std::uint64_t kResidentPart = 4;  // a quarter of all experts fits the device
constexpr std::size_t kLookAhead = 2;       // layers: one in transit, one that waits for its turn

using ModelPointer = std::unique_ptr<runtime::Model>;

// Everything that one question needs; the record outlives the models.
struct Bench {
    explicit Bench(const Settings& s) : settings(s), pool(s.threads) {}

    const Settings settings;
    kernels::ThreadPool pool;
    std::vector<std::int32_t> ids;   // the prompt's, then those decoded
    std::uint64_t expert_bytes = 0;  // of all slots
    prefetch::RoutingRecord record;
};

io::Result<ModelPointer> load(Bench& bench, const runtime::ExpertTierSettings& experts) {
    io::Result<io::ModelFiles> files = io::open_model_files(bench.settings.model);
    if (!files) return files.error();
    runtime::ModelSettings how;
    how.context = bench.settings.prompt + bench.settings.predict;
    how.experts = experts;
    return runtime::Model::load(*std::move(files), how, bench.pool);
}

runtime::ExpertTierSettings device(const Bench& bench, std::uint64_t budget_bytes, double link) {
    runtime::ExpertTierSettings out;
    out.host_budget_bytes = bench.expert_bytes;
    out.device =
        runtime::EmulatedDevice{.budget_bytes = budget_bytes, .link_bytes_per_second = link};
    return out;
}

// Reads the prompt, then the rest token by token: seconds for each of those.
io::Result<std::vector<double>> decode(runtime::Model& model, const Bench& bench) {
    model.truncate(0);
    const auto n_prompt = static_cast<std::size_t>(bench.settings.prompt);
    const std::span<const std::int32_t> ids(bench.ids);
    auto logits = model.forward(ids.first(n_prompt), runtime::LogitRows::last);
    if (!logits) return logits.error();
    std::vector<double> seconds;
    for (const std::int32_t id : ids.subspan(n_prompt)) {
        const auto begin = std::chrono::steady_clock::now();
        logits = model.forward({&id, 1}, runtime::LogitRows::last);
        if (!logits) return logits.error();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        seconds.push_back(took.count());
    }
    return seconds;
}

double mean(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

// Learns the vocabulary and the size of the experts.
io::Result<void> survey(Bench& bench) {
    const auto model = load(bench, device(bench, 0, 0));
    if (!model) return model.error();
    if ((*model)->expert_tiers() == nullptr) return io::Error{"the model has no experts"};
    bench.expert_bytes = (*model)->expert_tiers()->sizes().total;
    std::mt19937_64 random(bench.settings.seed);
    const auto n_ids = static_cast<std::uint64_t>((*model)->vocabulary_size());
    bench.ids.resize(static_cast<std::size_t>(bench.settings.prompt + bench.settings.predict));
    for (std::int32_t& id : bench.ids) id = static_cast<std::int32_t>(random() % n_ids);
    return {};
}

// Records the routing; returns how many bytes a token brings over the link.
io::Result<double> record(Bench& bench) {
    const auto model = load(bench, device(bench, bench.expert_bytes / kResidentPart, 0));
    if (!model) return model.error();
    (*model)->observe_routing([&](const runtime::RoutingRow& row) {
        const std::vector<std::uint16_t> experts(row.experts.begin(), row.experts.end());
        bench.record.add({.at = {static_cast<std::uint32_t>(row.position),
                                 static_cast<std::uint16_t>(row.layer)},
                          .experts = experts});
    });
    std::uint64_t before = 0;
    for (int i = 0; i < 2; ++i) {  // the first run fills the device
        before = (*model)->expert_tiers()->status().link_bytes;
        if (const auto seconds = decode(**model, bench); !seconds) return seconds.error();
    }
    const std::uint64_t moved = (*model)->expert_tiers()->status().link_bytes - before;
    return static_cast<double>(moved) / bench.settings.predict;
}

void print(const Bench& bench, const nlohmann::ordered_json& result) {
    nlohmann::ordered_json line = {{"question", "overlap"},
                                   {"model", bench.settings.model.filename().string()}};
    line.update(result);
    line["device"] = runtime::cpu_name();
    line["commit"] = commit();
    line["config"] = {{"threads", bench.pool.size()},
                      {"prompt", bench.settings.prompt},
                      {"predict", bench.settings.predict},
                      {"repeats", bench.settings.repeats},
                      {"seed", bench.settings.seed},
                      {"look_ahead", kLookAhead}};
    fmt::print("{}\n", line.dump());
}

io::Result<void> measure(Bench& bench) {
    if (auto ok = survey(bench); !ok) return ok.error();
    const auto bytes = record(bench);
    if (!bytes) return bytes.error();
    auto all_there = load(bench, device(bench, bench.expert_bytes, 0));
    if (!all_there) return all_there.error();
    std::vector<double> warm;
    for (int i = 0; i < 2; ++i) {
        auto seconds = decode(**all_there, bench);
        if (!seconds) return seconds.error();
        warm = *std::move(seconds);
    }
    const double link = *bytes / mean(warm);
    runtime::ExpertTierSettings plain = device(bench, bench.expert_bytes / kResidentPart, link);
    runtime::ExpertTierSettings foreseen = plain;
    foreseen.prefetch = {
        .predictor = "oracle",
        .plan = {.look_ahead = kLookAhead, .host_look_ahead = kLookAhead, .guesses = 0},
        .record = &bench.record};
    auto without = load(bench, plain), with = load(bench, foreseen);
    if (!without || !with) return !without ? without.error() : with.error();

    std::array<std::vector<double>, 3> seconds;
    for (int run = 0; run <= bench.settings.repeats; ++run) {
        std::size_t way = 0;
        for (runtime::Model* model : {all_there->get(), without->get(), with->get()}) {
            const auto took = decode(*model, bench);
            if (!took) return took.error();
            if (run > 0) seconds[way].insert(seconds[way].end(), took->begin(), took->end());
            ++way;
        }
    }
    const double compute = mean(seconds[0]), transfer = *bytes / link;
    const cache::StoreStatus status = (*with)->expert_tiers()->status();
    print(bench,
          {{"compute_s", compute},
           {"transfer_s", transfer},
           {"without_prefetch_s", mean(seconds[1])},
           {"oracle_s", mean(seconds[2])},
           {"without_over_sum", mean(seconds[1]) / (compute + transfer)},
           {"oracle_over_longer", mean(seconds[2]) / std::max(compute, transfer)},
           {"oracle_p50_s", quantile(seconds[2], 0.5)},
           {"oracle_p99_s", quantile(seconds[2], 0.99)},
           {"bytes_per_token", *bytes},
           {"link_gbps", link / 1e9},
           {"guesses",
            {{"issued", status.guesses.issued},
             {"useful", status.guesses.useful},
             {"late", status.guesses.late},
             {"wasted", status.guesses.wasted}}}});
    return {};
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) {
    using namespace greenroom::perf;
    const Settings settings =
        parse(argc, argv, "overlap", {.prompt = 16, .predict = 128, .repeats = 3});
    Bench bench(settings);
    const auto done = measure(bench);
    if (!done) fmt::print(stderr, "perf/overlap: {}\n", done.error().message);
    return done ? 0 : 1;
}
