#include "runtime/lab/bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include "cache/tiers/tiered_store.hpp"

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

io::Result<void> decode(Model& model, Ids ids) {
    for (const std::int32_t& id : ids) {
        if (const auto logits = model.forward({&id, 1}, LogitRows::last); !logits) {
            return logits.error();
        }
    }
    return {};
}

// One run; its timed part in seconds, and by steps where `ops` is not null.
io::Result<double> time_run(Model& model, const BenchTest& test, Ids ids, OpTotals* ops = nullptr) {
    const auto depth = static_cast<std::size_t>(test.n_depth);
    const auto n_prompt = static_cast<std::size_t>(test.n_prompt);
    model.truncate(0);
    if (auto ok = read_prompt(model, ids.first(depth)); !ok) return ok.error();
    model.time_ops(ops);
    const Clock::time_point begun = Clock::now();
    auto done = read_prompt(model, ids.subspan(depth, n_prompt));
    if (done) done = decode(model, ids.subspan(depth + n_prompt));
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    model.time_ops(nullptr);
    if (!done) return done.error();
    return seconds;
}

cache::StoreStatus status_of(Model& model) {
    cache::TieredStore* tiers = model.expert_tiers();
    return tiers == nullptr ? cache::StoreStatus{} : tiers->status();
}

std::optional<double> hit_rate(const cache::TierCounters& before,
                               const cache::TierCounters& after) {
    const std::uint64_t hits = after.hits - before.hits;
    const std::uint64_t lookups = hits + after.misses - before.misses;
    if (lookups == 0) return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(lookups);
}

void count_tiers(const cache::StoreStatus& before,
                 const cache::StoreStatus& after,
                 BenchResult& result) {
    result.host_hit_rate = hit_rate(before.host, after.host);
    if (after.device) {
        result.device_hit_rate =
            hit_rate(before.device.value_or(cache::TierCounters{}), *after.device);
    }
    const double stalled =
        after.stalls.disk_s + after.stalls.link_s - before.stalls.disk_s - before.stalls.link_s;
    result.stall_seconds = stalled / static_cast<double>(result.seconds.size());
}

}  // namespace

std::vector<double> BenchResult::tokens_per_second() const {
    std::vector<double> speeds;
    for (const double s : seconds) speeds.push_back((test.n_prompt + test.n_gen) / s);
    return speeds;
}

io::Result<BenchResult> run_bench(Model& model,
                                  const BenchTest& test,
                                  const BenchSettings& settings) {
    const auto ids = random_ids(
        static_cast<std::size_t>(test.positions()), model.vocabulary_size(), settings.seed);
    if (settings.warm_up) {
        constexpr int kEnoughTokens = 4;
        BenchTest first = {.n_prompt = test.n_prompt, .n_gen = std::min(test.n_gen, kEnoughTokens)};
        const auto warmed =
            time_run(model, first, Ids(ids).first(static_cast<std::size_t>(first.positions())));
        if (!warmed) return warmed.error();
    }
    BenchResult result;
    result.test = test;
    const cache::StoreStatus before = status_of(model);
    for (int run = 0; run < settings.repeats; ++run) {
        const auto seconds = time_run(model, test, ids);
        if (!seconds) return seconds.error();
        result.seconds.push_back(*seconds);
    }
    count_tiers(before, status_of(model), result);
    if (settings.ops) {
        OpTotals ops = {};
        const auto seconds = time_run(model, test, ids, &ops);
        if (!seconds) return seconds.error();
        result.steps = BenchResult::Steps{.seconds = *seconds, .ops = ops};
    }
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
