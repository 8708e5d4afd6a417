#include "runtime/lab/timed_replay.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

// Experts of 100 bytes; computing one takes a second, fetching one from disk two.
class TimedReplayTest : public testing::Test {
 protected:
    TimedReplayTest() { trace_.expert_bytes.assign(12, 100); }

    static HardwareProfile cpu() {
        return {.host_memory_bytes = 1000, .host_bytes_per_s = 100, .disk_bytes_per_s = 50};
    }
    static HardwareProfile card() {
        HardwareProfile out = cpu();
        out.device_memory_bytes = 1000;
        out.device_bytes_per_s = 400;
        out.link_bytes_per_s = 100;
        return out;
    }
    TimedCounts run(const TimedSettings& settings) const {
        const auto counts = timed_replay(ReplayInput(trace_), settings);
        EXPECT_TRUE(counts) << counts.error().message;
        return counts ? *counts : TimedCounts{};
    }

    Trace trace_ = tests::toy_trace();
};

TEST_F(TimedReplayTest, CountsAsAReplayWithoutAClock) {
    const ReplaySettings top{"lru", cache::Scope::layer, 600};
    const auto plain = replay(ReplayInput(trace_), top);
    for (const std::string predictor : {"none", "oracle", "frequency"}) {
        const TimedCounts timed =
            run({.top = top, .hardware = cpu(), .predictor = predictor, .guess_bytes = 200});
        EXPECT_EQ(timed.top.hits, plain->hits) << predictor;
        EXPECT_EQ(timed.top.evictions, plain->evictions);
        EXPECT_EQ(timed.top.peak_bytes, plain->peak_bytes);
    }
}

TEST_F(TimedReplayTest, WithEverythingMissedItIsComputingAndFetchingInTurn) {
    trace_.dense_bytes = 300;  // one second for each of three layers
    const TimedCounts timed = run({.top = {.budget_bytes = 0}, .hardware = cpu()});
    EXPECT_EQ(timed.decode_tokens, 5u);
    EXPECT_EQ(timed.disk_bytes, 30u * 100);
    // A layer: dense 1; the first expert after 2, computed until 3; the second came after 4,
    // until 5.
    EXPECT_NEAR(timed.decode_s, 15 * (1 + 5), 1e-9);
    EXPECT_NEAR(timed.stall_disk_s, 15 * 3, 1e-9);
    EXPECT_NEAR(timed.tokens_per_s(), 5 / 90.0, 1e-12);
}

TEST_F(TimedReplayTest, FetchesTravelWhileHitsAreComputed) {
    // Expert 0 of every layer is always a hit after the first step.
    const TimedCounts timed = run({.top = {"lru", cache::Scope::layer, 600}, .hardware = cpu()});
    // First step: 5 for each layer; then every layer has one hit and one miss: hit until 1, the
    // miss arrives after 2 and is computed until 3.
    EXPECT_NEAR(timed.decode_s, 3 * 5 + 12 * 3, 1e-9);
    EXPECT_NEAR(timed.stall_disk_s, 3 * 3 + 12 * 1, 1e-9);
}

TEST_F(TimedReplayTest, AnOracleHidesWhatTheDiskCanHide) {
    trace_.dense_bytes = 3000;  // ten seconds a layer: more than any fetch takes
    const TimedSettings plain{.top = {"lru", cache::Scope::layer, 600}, .hardware = cpu()};
    TimedSettings oracle = plain;
    oracle.predictor = "oracle";
    oracle.guess_bytes = 200;
    const TimedCounts without = run(plain), with = run(oracle);
    EXPECT_LT(with.stall_disk_s, without.stall_disk_s);
    // Only the first layer of the first step has not been foretold: 2 to wait, then 1.
    EXPECT_NEAR(with.stall_disk_s, 3, 1e-9);
    EXPECT_EQ(with.disk_bytes, without.disk_bytes);
    EXPECT_EQ(with.guesses.wasted, 0u);
    EXPECT_EQ(with.guesses.late, 0u);
}

TEST_F(TimedReplayTest, OnACardTheLinkIsBetween) {
    const TimedCounts timed =
        run({.top = {.budget_bytes = 0}, .hardware = card(), .host_budget_bytes = 1200});
    EXPECT_EQ(timed.disk_bytes, 0u);  // all experts fit into host memory
    EXPECT_EQ(timed.link_bytes, 3000u);
    // A layer: the first expert after 1, computed until 1.25; the second after 2, until 2.25.
    EXPECT_NEAR(timed.decode_s, 15 * 2.25, 1e-9);
    EXPECT_NEAR(timed.stall_link_s, 15 * 1.75, 1e-9);
    EXPECT_EQ(timed.stall_disk_s, 0);
}

TEST_F(TimedReplayTest, RecordedPredictionsStandForTheGates) {
    trace_ = tests::full_toy_trace();
    trace_.expert_bytes.assign(12, 100);
    trace_.dense_bytes = 3000;
    TimedSettings settings{.top = {"lru", cache::Scope::layer, 600}, .hardware = cpu()};
    settings.predictor = "next_gate";
    settings.guess_bytes = 200;
    const TimedCounts with = run(settings);
    EXPECT_GT(with.guesses.issued, 0u);
    EXPECT_GT(with.guesses.useful, 0u);  // expert 0 in the first step
}

TEST_F(TimedReplayTest, SaysWhatIsMissing) {
    const ReplayInput input(trace_);
    EXPECT_FALSE(timed_replay(input, {.top = {.policy = "best"}, .hardware = cpu()}));
    EXPECT_FALSE(timed_replay(input, {.hardware = cpu(), .predictor = "tarot"}));
    EXPECT_FALSE(timed_replay(input, {.hardware = cpu(), .predictor = "next_gate"}));
}

// A card four times as fast as its host, behind a link as fast as the host's memory.
TEST_F(TimedReplayTest, WhatIsMissedMayBeComputedByTheCpuBesideTheDevice) {
    TimedSettings settings{.top = {.budget_bytes = 0}, .hardware = card()};
    settings.hardware.host_memory_bytes = 1200;  // every expert is there from the start
    const auto seconds = [&](cache::MissRule miss) {
        settings.miss = miss;
        return run(settings).decode_s;
    };
    // Each of fifteen layers misses two experts. Fetched: they come after 1 and 2 seconds, and the
    // last takes another 0.25. On the CPU: one second each. Split: one each way, the CPU's one
    // second and the other's 1.25.
    EXPECT_NEAR(seconds(cache::MissRule::fetch), 15 * 2.25, 1e-9);
    EXPECT_NEAR(seconds(cache::MissRule::cpu), 15 * 2, 1e-9);
    EXPECT_NEAR(seconds(cache::MissRule::split), 15 * 1.25, 1e-9);
    settings.miss = cache::MissRule::cpu;
    EXPECT_EQ(run(settings).link_bytes, 0u) << "nobody stays on the device";
    EXPECT_NEAR(run(settings).stall_cpu_s, 15 * 2, 1e-9);
}

TEST_F(TimedReplayTest, ACopyThatFollowsIsAHitOfTheDeviceOnceItIsThere) {
    TimedSettings settings{.top = {"lru", cache::Scope::layer, 1200},
                           .hardware = card(),
                           .miss = cache::MissRule::cpu};
    settings.hardware.host_memory_bytes = 1200;
    const TimedCounts timed = run(settings);
    EXPECT_EQ(timed.top.misses(), 12u);
    EXPECT_LE(timed.link_bytes, 1200u);
    EXPECT_LT(timed.decode_s, 15 * 2.0);
    EXPECT_GE(timed.decode_s, 30 * 0.25);
}

}  // namespace
}  // namespace greenroom::runtime
