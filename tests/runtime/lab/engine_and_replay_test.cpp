// An engine's tiers and a replay of what it recorded decide alike, event by event.
#include <gtest/gtest.h>

#include "cache/make_policy.hpp"
#include "runtime/lab/timed_replay.hpp"
#include "runtime/lab/trace_recorder.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::uint64_t kSlot = 262'144;  // about one expert of the demo model; it has 48

// What the tier had counted when an event's misses had been sent for.
struct Counted {
    std::uint64_t hits = 0, misses = 0, evictions = 0;
    bool operator==(const Counted&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Counted& c) {
    return out << c.hits << " hits, " << c.misses << " misses, " << c.evictions << " evictions";
}

struct Recorded {
    Trace trace;
    std::vector<Counted> events;  // of host memory
    cache::StoreStatus status;    // in the end
    std::vector<prefetch::PredictionCounters> predictions;
};

// A prompt in two batches and decoded tokens, through tiers.
Recorded record(const ExpertTierSettings& tiers) {
    kernels::ThreadPool pool(1);
    auto files =
        io::open_model_files(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    EXPECT_TRUE(files) << files.error().message;
    ModelSettings settings;
    settings.context = 64;
    settings.batch = 6;
    settings.experts = tiers;
    const auto model = Model::load(std::move(*files), settings, pool);
    EXPECT_TRUE(model) << model.error().message;
    TraceRecorder recorder((*model)->routing_facts(), "demo");
    Recorded out;
    (*model)->score_ahead(2);
    (*model)->observe_routing([&](const RoutingRow& row) {
        recorder.record(row);
        if (row.token != 0) return;
        const cache::TierCounters counters = (*model)->expert_tiers()->status().host;
        out.events.push_back({counters.hits, counters.misses, counters.evictions});
    });
    const std::vector<std::int32_t> prompt = {1, 266, 267, 1994, 565, 331, 426, 259, 1493, 296};
    EXPECT_TRUE((*model)->forward(prompt, LogitRows::last));
    for (std::int32_t token = 300; token < 324; ++token) {
        EXPECT_TRUE((*model)->forward({&token, 1}, LogitRows::last));
    }
    out.trace = recorder.trace();
    out.status = (*model)->expert_tiers()->status();
    out.predictions = predictions_since({}, **model);
    return out;
}

// Whether the rows recorded as hits are those that the replay has as hits.
bool same_hits(const Trace& trace, std::size_t event, const cache::EventOutcome& outcome) {
    const TraceEvent& e = trace.events[event];
    for (std::uint32_t row = e.first_row; row < e.first_row + e.n_rows; ++row) {
        const io::ExpertKey key{e.layer, trace.experts[row]};
        const bool is_hit = std::ranges::count(outcome.hits, key) == 1;
        if (is_hit != (trace.outcomes[row] == TraceOutcome::hit)) return false;
    }
    return true;
}

// Every scope and budget of one policy.
class EngineAndReplay : public testing::TestWithParam<std::string_view> {};

TEST_P(EngineAndReplay, AgreeEventByEvent) {
    Trace nothing;  // a profile: the engine here has none
    nothing.n_layers = 6;
    nothing.n_experts = 8;
    for (const cache::Scope scope : {cache::Scope::global, cache::Scope::layer}) {
        for (const std::uint64_t slots : {6, 20, 40}) {
            SCOPED_TRACE(testing::Message()
                         << (scope == cache::Scope::layer ? "layer " : "global ") << slots);
            ExpertTierSettings tiers;
            tiers.host_budget_bytes = slots * kSlot;
            tiers.policy = GetParam();
            tiers.scope = scope;
            const Recorded engine = record(tiers);
            Counted sum;
            std::size_t n = 0;
            const auto counts =
                replay(ReplayInput(engine.trace, &nothing),
                       {std::string(GetParam()), scope, slots * kSlot},
                       [&](std::size_t event, const cache::EventOutcome& outcome) {
                           sum.hits += outcome.hits.size();
                           sum.misses += outcome.misses.size();
                           sum.evictions += outcome.evictions();
                           if (n != event) return;  // one difference says enough
                           const bool same = engine.events.at(event) == sum &&
                                             same_hits(engine.trace, event, outcome);
                           EXPECT_TRUE(same) << "event " << event << ": the engine has "
                                             << engine.events.at(event) << ", the replay " << sum;
                           n += same ? 1 : 0;
                       });
            ASSERT_TRUE(counts) << counts.error().message;
            EXPECT_EQ(n, engine.events.size());
            EXPECT_EQ(n, 26u * 6);
            if (slots > 6) {
                EXPECT_GT(counts->hits, 0u);
            }
            EXPECT_GT(counts->evictions, slots == 40 ? 0u : 20u);
        }
    }
}

TEST(EngineAndTimedReplay, AgreeOnADeviceHostMemoryAndWhatMovesBetweenThem) {
    for (const auto& [policy, inclusion] : {std::pair("lru", cache::Inclusion::inclusive),
                                            std::pair("lfru", cache::Inclusion::inclusive),
                                            std::pair("least-stale", cache::Inclusion::exclusive),
                                            std::pair("lfu-decay", cache::Inclusion::exclusive)}) {
        SCOPED_TRACE(policy);
        ExpertTierSettings tiers;
        tiers.policy = policy;
        tiers.host_budget_bytes = 24 * kSlot;
        tiers.device = EmulatedDevice{.budget_bytes = 10 * kSlot, .inclusion = inclusion};
        const Recorded engine = record(tiers);
        TimedSettings settings{.top = {policy, cache::Scope::global, 10 * kSlot},
                               .host_budget_bytes = 24 * kSlot,
                               .inclusion = inclusion};
        settings.hardware = {.device_memory_bytes = 1 << 30,
                             .device_bytes_per_s = 1e9,
                             .link_bytes_per_s = 1e8,
                             .host_memory_bytes = 1 << 30,
                             .host_bytes_per_s = 1e9,
                             .disk_bytes_per_s = 1e7};
        const auto timed = timed_replay(ReplayInput(engine.trace), settings);
        ASSERT_TRUE(timed) << timed.error().message;
        EXPECT_EQ(timed->top.hits, engine.status.device->hits) << policy;
        EXPECT_EQ(timed->top.misses(), engine.status.device->misses);
        EXPECT_EQ(timed->top.evictions, engine.status.device->evictions);
        EXPECT_EQ(timed->link_bytes, engine.status.link_bytes);
        EXPECT_EQ(timed->disk_bytes, engine.status.host.miss_bytes);
    }
}

TEST(EngineAndTimedReplay, PredictAlike) {
    for (const char* predictor : {"next_gate", "previous_token", "transition", "frequency"}) {
        SCOPED_TRACE(predictor);
        ExpertTierSettings tiers;
        tiers.host_budget_bytes = 20 * kSlot;
        tiers.prefetch.predictor = predictor;
        tiers.prefetch.plan = {.look_ahead = 1, .host_look_ahead = 2, .guesses = 3};
        const Recorded engine = record(tiers);
        TimedSettings settings{.top = {.budget_bytes = 20 * kSlot},
                               .hardware = {.host_memory_bytes = 1 << 30,
                                            .host_bytes_per_s = 1e9,
                                            .disk_bytes_per_s = 1e7},
                               .predictor = predictor,
                               .planner = tiers.prefetch.plan};
        const auto timed = timed_replay(ReplayInput(engine.trace), settings);
        ASSERT_TRUE(timed) << timed.error().message;
        EXPECT_EQ(timed->predictions, engine.predictions);
        EXPECT_GT(timed->predicted().right, 0u);
    }
}

// Belady's must know the future, which an engine does not.
std::vector<std::string_view> engine_policies() {
    std::vector<std::string_view> out;
    for (const std::string_view name : cache::policy_names()) {
        if (name != "belady") out.push_back(name);
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(EveryPolicy, EngineAndReplay, testing::ValuesIn(engine_policies()));

}  // namespace
}  // namespace greenroom::runtime
