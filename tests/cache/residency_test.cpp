#include "cache/residency.hpp"

#include <gtest/gtest.h>
#include <random>

#include "cache/make_policy.hpp"

namespace greenroom::cache {
namespace {

constexpr int kLayers = 3, kExperts = 8;

KeyTable<std::uint64_t> sizes(std::uint64_t bytes) {
    KeyTable<std::uint64_t> out;
    for (std::uint16_t l = 0; l < kLayers; ++l) {
        for (std::uint16_t e = 0; e < kExperts; ++e) out[{l, e}] = bytes;
    }
    return out;
}

std::unique_ptr<Policy> lru_policy() {
    return std::move(*make_policy("lru", {}));
}

Residency lru(std::uint64_t budget, Scope scope = Scope::global) {
    return Residency({budget, scope, kLayers}, sizes(10), lru_policy);
}

std::vector<io::ExpertKey> set(std::uint16_t layer, std::initializer_list<std::uint16_t> experts) {
    std::vector<io::ExpertKey> out;
    for (const std::uint16_t e : experts) out.push_back({layer, e});
    return out;
}

TEST(Residency, DecidesHitsForTheWholeSetBeforeEvicting) {
    Residency r = lru(20);
    r.use(set(0, {0, 1}));
    const EventOutcome& outcome = r.use(set(0, {2, 0}));
    EXPECT_EQ(std::vector(outcome.hits.begin(), outcome.hits.end()), set(0, {0}));
    EXPECT_EQ(std::vector(outcome.misses.begin(), outcome.misses.end()), set(0, {2}));
    EXPECT_EQ(std::vector(outcome.evicted.begin(), outcome.evicted.end()), set(0, {1}));
}

std::vector<io::ExpertKey> list(std::span<const io::ExpertKey> keys) {
    return {keys.begin(), keys.end()};
}

TEST(Residency, OfAnEventLargerThanItsBudgetThePolicyChoosesWhoStays) {
    Residency r = lru(20);
    r.use(set(0, {1, 5}));
    const EventOutcome& outcome = r.use(set(0, {1, 0, 2, 3}));
    EXPECT_EQ(list(outcome.hits), set(0, {1}));
    EXPECT_EQ(list(outcome.misses), set(0, {0, 2, 3}));
    EXPECT_EQ(list(outcome.evicted), set(0, {5}));
    EXPECT_EQ(list(outcome.passing), set(0, {1, 0}));
    EXPECT_EQ(outcome.evictions(), 3u);
    EXPECT_EQ(r.resident_bytes(), 20u);
    EXPECT_EQ(r.peak_bytes(), 20u);
}

// Otherwise a prompt would leave every layer with all of its experts.
TEST(Residency, NoLayerExceedsItsShareBetweenEvents) {
    Residency r = lru(30, Scope::layer);
    for (std::uint16_t layer = 0; layer < kLayers; ++layer) r.use(set(layer, {0, 1, 2, 3}));
    EXPECT_EQ(r.peak_bytes(), 30u);
    for (std::uint16_t layer = 0; layer < kLayers; ++layer) EXPECT_TRUE(r.resident({layer, 3}));
}

TEST(Residency, AnOvershootStaysWhereTheReplaysOfOthersCountSo) {
    Residency r({.budget_bytes = 30,
                 .scope = Scope::layer,
                 .n_layers = kLayers,
                 .overshoot = Overshoot::stays},
                sizes(10),
                lru_policy);
    r.use(set(0, {0, 1, 2}));
    EXPECT_TRUE(r.use(set(1, {0, 1})).passing.empty());
    EXPECT_EQ(r.resident_bytes(), 50u);
    EXPECT_EQ(r.use(set(0, {0, 1, 2})).hits.size(), 3u);
    EXPECT_EQ(r.use(set(0, {3})).evicted.size(), 3u);
}

TEST(Residency, MissesEverythingWithoutABudget) {
    Residency r = lru(0);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(r.use(set(0, {0})).misses.size(), 1u);
        r.use(set(1, {0}));
    }
}

TEST(Residency, GlobalLruSmallerThanOneCycleHitsNothingAndLayerScopeDoes) {
    Residency global = lru(20), by_layer = lru(30, Scope::layer);
    std::size_t global_hits = 0, layer_hits = 0;
    for (int step = 0; step < 10; ++step) {
        for (std::uint16_t l = 0; l < kLayers; ++l) {
            global_hits += global.use(set(l, {0})).hits.size();
            layer_hits += by_layer.use(set(l, {0})).hits.size();
        }
    }
    EXPECT_EQ(global_hits, 0u);
    EXPECT_EQ(layer_hits, 27u);
}

// With experts of one size no policy hits more often than furthest next use.
TEST(Residency, LayersMayHaveBudgetsOfTheirOwn) {
    Residency r(
        {.budget_bytes = 40, .scope = Scope::layer, .n_layers = 3, .layer_budgets = {10, 30, 0}},
        sizes(10),
        [] { return std::move(*make_policy("lru", {})); });
    for (std::uint16_t layer = 0; layer < 3; ++layer) {
        for (const std::uint16_t e : {0, 1, 2}) r.use(set(layer, {e}));
    }
    EXPECT_FALSE(r.resident({0, 1}));
    EXPECT_TRUE(r.resident({0, 2}));
    for (const std::uint16_t e : {0, 1, 2}) EXPECT_TRUE(r.resident({1, e}));
    EXPECT_FALSE(r.resident({2, 2}));
}

TEST(Residency, NoPolicyBeatsBelady) {
    const std::uint64_t seed = 20261125;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    std::vector<std::vector<io::ExpertKey>> events;
    PolicyInputs inputs;
    for (std::uint32_t i = 0; i < 600; ++i) {
        const auto layer = static_cast<std::uint16_t>(i % kLayers);
        // Skewed: low ids are more likely.
        const auto expert = static_cast<std::uint16_t>(std::min(random() % 8, random() % 8));
        events.push_back(set(layer, {expert}));
        inputs.future[events.back()[0]].push_back(i);
        ++inputs.profile[events.back()[0]];
    }
    const auto hits = [&](std::string_view name, std::uint64_t budget) {
        Residency r({budget, Scope::global, kLayers}, sizes(10), [&] {
            return std::move(*make_policy(name, inputs));
        });
        std::size_t count = 0;
        for (const auto& event : events) count += r.use(event).hits.size();
        return count;
    };
    for (const std::uint64_t budget : {10u, 50u, 120u, 200u}) {
        const std::size_t best = hits("belady", budget);
        for (const std::string_view name : policy_names()) {
            EXPECT_LE(hits(name, budget), best) << name << " at " << budget;
        }
    }
}

}  // namespace
}  // namespace greenroom::cache
