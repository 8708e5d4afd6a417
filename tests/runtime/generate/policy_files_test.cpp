// The settings in configs/policies, from which a researcher starts.
#include <gtest/gtest.h>

#include "cache/make_policy.hpp"
#include "prefetch/make_predictor.hpp"
#include "runtime/generate/tier_settings.hpp"
#include "runtime/load_settings.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

Settings load(const std::string& name) {
    Settings settings;
    const auto read =
        load_settings(tests::source_path("configs/policies/" + name + ".toml"), settings);
    EXPECT_TRUE(read) << read.error().message;
    return settings;
}

TEST(PolicyFiles, EveryOneIsUnderstood) {
    int n = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(tests::source_path("configs/policies"))) {
        SCOPED_TRACE(entry.path());
        const Settings settings = load(entry.path().stem());
        const auto tiers = expert_tier_settings(settings);
        ASSERT_TRUE(tiers) << tiers.error().message;
        EXPECT_TRUE(wants_tiers(*tiers));
        EXPECT_TRUE(cache::make_policy(tiers->policy, {}));
        const auto known = prefetch::predictor_names();
        EXPECT_EQ(std::ranges::count(known, settings.prefetch.predictor), 1);
        ++n;
    }
    EXPECT_EQ(n, 9);
}

TEST(PolicyFiles, ThePaperKeepsTwoOrFourExpertsOfEveryLayerAndGuessesTwo) {
    for (const int k : {2, 4}) {
        const Settings settings = load("paper-k" + std::to_string(k));
        const auto tiers = expert_tier_settings(settings);
        ASSERT_TRUE(tiers && tiers->device);
        EXPECT_EQ(tiers->device->experts_per_layer, k);
        EXPECT_EQ(tiers->policy, "lru");
        EXPECT_EQ(settings.prefetch.predictor, "next_gate");
        EXPECT_EQ(settings.prefetch.look_ahead, 1);
        EXPECT_EQ(settings.prefetch.guesses, 2);
    }
}

TEST(PolicyFiles, TheProfileLiesBesideItsFile) {
    EXPECT_EQ(load("static-profile").cache.profile,
              tests::source_path("configs/policies/profile.trace"));
}

}  // namespace
}  // namespace greenroom::runtime
