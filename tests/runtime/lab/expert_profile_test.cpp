#include "runtime/lab/expert_profile.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "runtime/lab/replay.hpp"
#include "runtime/lab/trace_file.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

// Layer 0 goes round through all four experts, the others stay with two.
Trace uneven_trace() {
    Trace trace = tests::toy_trace();
    for (const TraceEvent& event : trace.events) {
        const bool turns = event.layer == 0 && event.step % 2 == 1;
        trace.experts[event.first_row] = turns ? 2 : 0;
        trace.experts[event.first_row + 1] = turns ? 3 : 1;
    }
    return trace;
}

TEST(LayerShares, GoWhereASlotSavesMostMisses) {
    const auto shares = layer_shares(uneven_trace(), 8);  // two slots more than every layer needs
    ASSERT_EQ(shares.size(), 3u);
    EXPECT_NEAR(shares[0], 0.5, 0.01);
    EXPECT_NEAR(shares[1], 0.25, 0.01);
    EXPECT_NEAR(shares[2], 0.25, 0.01);
}

TEST(LayerShares, BeatEqualOnes) {
    const Trace trace = uneven_trace();
    const ReplayInput input(trace);
    ReplaySettings settings{"lru", cache::Scope::layer, 9};
    const auto equal = replay(input, settings);
    for (const double share : layer_shares(trace, 9)) {
        settings.layer_budgets.push_back(static_cast<std::uint64_t>(share * 9));
    }
    const auto shared = replay(input, settings);
    ASSERT_TRUE(equal && shared);
    EXPECT_GT(shared->hits, equal->hits);
}

TEST(LayerShares, AreSharesWhateverTheBudget) {
    for (const std::uint64_t budget : {0, 1, 12, 1000}) {
        const auto shares = layer_shares(uneven_trace(), budget);
        EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 0.2) << budget;
    }
}

TEST(ExpertProfile, ComesFromTheTraceThatSettingsName) {
    const tests::TemporaryFolder folder;
    Settings settings;
    EXPECT_EQ(expert_profile(settings)->layers, 0);
    settings.cache.profile = folder.write("t", trace_bytes(tests::toy_trace()));
    const auto profile = expert_profile(settings);
    ASSERT_TRUE(profile) << profile.error().message;
    EXPECT_EQ(profile->layers, 3);
    EXPECT_EQ(*profile->uses.find({1, 0}), 5u);
    EXPECT_TRUE(profile->layer_shares.empty());
    settings.cache.layers = "profile";
    EXPECT_FALSE(expert_profile(settings));  // of which budget?
    settings.host.expert_budget = "8";
    EXPECT_EQ(expert_profile(settings)->layer_shares.size(), 3u);
}

TEST(ExpertProfile, Hazard167_SaysWhatIsWrongWithTheTrace) {
    const tests::TemporaryFolder folder;
    Settings settings;
    settings.cache.profile = folder.write("t", "hot experts: 1 2 3");
    EXPECT_FALSE(expert_profile(settings));
    settings.cache.profile = folder.path() / "absent";
    EXPECT_FALSE(expert_profile(settings));
}

}  // namespace
}  // namespace greenroom::runtime
