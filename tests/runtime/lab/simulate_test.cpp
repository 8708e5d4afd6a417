#include "runtime/lab/simulate.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

std::vector<SimulationRow> rows(const SimulationGrid& grid) {
    const Trace trace = tests::toy_trace();
    std::vector<SimulationRow> out;
    const auto done =
        simulate(ReplayInput(trace), grid, [&](const SimulationRow& row) { out.push_back(row); });
    EXPECT_TRUE(done) << done.error().message;
    return out;
}

TEST(Simulate, GivesARowForEveryPoint) {
    const auto found = rows({.policies = {"lru", "lfu"},
                             .scopes = {cache::Scope::global, cache::Scope::layer},
                             .budgets = {6, 12}});
    ASSERT_EQ(found.size(), 8u);
    EXPECT_EQ(found[0].policy, "lru");
    EXPECT_EQ(found[1].policy, "lfu");
    EXPECT_EQ(found[2].scope, cache::Scope::layer);
    EXPECT_EQ(found[4].budget_bytes, 12u);
}

TEST(Simulate, MeasuresRegretAgainstBelady) {
    const auto found =
        rows({.policies = {"belady", "lru"}, .scopes = {cache::Scope::layer}, .budgets = {6, 12}});
    EXPECT_EQ(found[0].regret, 0);
    // Published: 12 hits of 30. Two slots keep expert 0 and the last other one: Belady's hits are
    // the same, for the others alternate.
    EXPECT_EQ(found[1].counts.hits, 12u);
    EXPECT_DOUBLE_EQ(found[1].regret, found[0].counts.hit_rate() - 0.4);
    EXPECT_EQ(found[3].regret, 0);  // everything fits
    EXPECT_DOUBLE_EQ(found[1].bytes_per_token, 18.0 / 5);
}

TEST(Simulate, RefusesUnknownPolicies) {
    const Trace trace = tests::toy_trace();
    const auto done =
        simulate(ReplayInput(trace), {{"best"}, {cache::Scope::layer}, {1}}, [](const auto&) {});
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("policy 'best' is not known"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
