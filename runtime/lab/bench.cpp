#include "runtime/lab/bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include "kernels/host_memory.hpp"

namespace greenroom::runtime {
namespace {

using Clock = std::chrono::steady_clock;
using Ids = std::span<const std::int32_t>;

std::vector<std::int32_t> random_ids(std::size_t n, int vocabulary, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::int32_t> ids(n);
    for (std::int32_t& id : ids) {
        id = static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(vocabulary));
    }
    return ids;
}

io::Result<void> read_prompt(Model& model, Ids ids) {
    if (ids.empty()) return {};
    const auto logits = model.forward(ids, LogitRows::last);
    return logits ? io::Result<void>() : logits.error();
}

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

io::Result<void> decode(Model& model, Ids ids, std::vector<double>& token_seconds) {
    for (const std::int32_t& id : ids) {
        const Clock::time_point begun = Clock::now();
        if (const auto logits = model.forward({&id, 1}, LogitRows::last); !logits) {
            return logits.error();
        }
        token_seconds.push_back(seconds_since(begun));
    }
    return {};
}

// Begins anew and reads what comes before the timed part, which is returned.
io::Result<Ids> read_depth(Model& model, const BenchTest& test, Ids ids) {
    const auto depth = static_cast<std::size_t>(test.n_depth);
    model.truncate(0);
    if (auto ok = read_prompt(model, ids.first(depth)); !ok) return ok.error();
    return ids.subspan(depth);
}

// One timed part, added to `result`.
io::Result<void> time_run(Model& model, const BenchTest& test, Ids ids, BenchResult& result) {
    const auto n_prompt = static_cast<std::size_t>(test.n_prompt);
    const Clock::time_point begun = Clock::now();
    if (auto ok = read_prompt(model, ids.first(n_prompt)); !ok) return ok.error();
    if (n_prompt > 0) result.prompt_seconds.push_back(seconds_since(begun));
    if (auto ok = decode(model, ids.subspan(n_prompt), result.token_seconds); !ok) {
        return ok.error();
    }
    result.seconds.push_back(seconds_since(begun));
    return {};
}

// One more run, timed step by step.
io::Result<BenchResult::Steps> time_steps(Model& model, const BenchTest& test, Ids ids) {
    const auto timed = read_depth(model, test, ids);
    if (!timed) return timed.error();
    BenchResult run;
    OpTotals ops = {};
    model.time_ops(&ops);
    const auto done = time_run(model, test, *timed, run);
    model.time_ops(nullptr);
    if (!done) return done.error();
    return BenchResult::Steps{.seconds = run.seconds.front(), .ops = ops};
}

// What tiers and predictors have done so far.
struct Done {
    explicit Done(Model& model)
        : tiers(tier_status(model)), predictions(predictions_since({}, model)) {}
    std::optional<cache::StoreStatus> tiers;
    std::vector<prefetch::PredictionCounters> predictions;
};

// Adds what happened since `before`.
void count(const Done& before, Model& model, BenchResult& result) {
    if (!before.tiers) return;
    const cache::StoreStatus now = cache::since(*before.tiers, *tier_status(model));
    result.tiers = result.tiers ? cache::sum(*result.tiers, now) : now;
    const auto predictions = predictions_since(before.predictions, model);
    result.predictions.resize(predictions.size());
    for (std::size_t l = 0; l < predictions.size(); ++l) result.predictions[l] += predictions[l];
}

}  // namespace

std::vector<double> BenchResult::tokens_per_second() const {
    std::vector<double> speeds;
    for (const double s : seconds) speeds.push_back((test.n_prompt + test.n_gen) / s);
    return speeds;
}

std::uint64_t BenchResult::timed_tokens() const {
    return seconds.size() * static_cast<std::uint64_t>(test.n_prompt + test.n_gen);
}

io::Result<BenchResult> run_bench(Model& model,
                                  const BenchTest& test,
                                  const BenchSettings& settings) {
    const auto ids = random_ids(
        static_cast<std::size_t>(test.positions()), model.vocabulary_size(), settings.seed);
    if (settings.warm_up) {
        constexpr int kEnoughTokens = 4;
        BenchTest first = {.n_prompt = test.n_prompt, .n_gen = std::min(test.n_gen, kEnoughTokens)};
        BenchResult ignored;
        model.truncate(0);
        const auto warmed = time_run(
            model, first, Ids(ids).first(static_cast<std::size_t>(first.positions())), ignored);
        if (!warmed) return warmed.error();
    }
    BenchResult result;
    result.test = test;
    for (int run = 0; run < settings.repeats; ++run) {
        const auto timed = read_depth(model, test, ids);
        if (!timed) return timed.error();
        const Done before(model);
        if (auto ok = time_run(model, test, *timed, result); !ok) return ok.error();
        count(before, model, result);
    }
    if (settings.ops) {
        const auto steps = time_steps(model, test, ids);
        if (!steps) return steps.error();
        result.steps = *steps;
    }
    result.peak_memory = kernels::peak_memory();
    return result;
}

double mean(std::span<const double> values) {
    if (values.empty()) return 0;
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
    if (values.size() < 2) return 0;
    const double middle = mean(values);
    double squares = 0;
    for (const double value : values) squares += (value - middle) * (value - middle);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace greenroom::runtime
