#include "runtime/generate/tier_settings.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

io::Result<ExpertTierSettings> tiers(std::initializer_list<std::string_view> assignments) {
    Settings settings;
    for (const std::string_view assignment : assignments) {
        EXPECT_TRUE(apply_assignment(settings, assignment)) << assignment;
    }
    return expert_tier_settings(settings);
}

TEST(TierSettings, AskForNoTiersByDefault) {
    const auto out = tiers({});
    ASSERT_TRUE(out);
    EXPECT_FALSE(wants_tiers(*out));
}

TEST(TierSettings, TakeSizesAndRates) {
    const auto out = tiers({"host.expert_budget=2GiB",
                            "device.kind=emulated",
                            "device.expert_budget=512MiB",
                            "device.link_limit=12GB/s",
                            "device.residency=exclusive",
                            "cache.policy=s3fifo",
                            "cache.scope=layer",
                            "disk.queue=pread",
                            "miss.path=split",
                            "prefetch.budget=1MiB"});
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_EQ(out->host_budget_bytes, 2ull << 30);
    ASSERT_TRUE(out->device);
    EXPECT_EQ(out->device->budget_bytes, 512ull << 20);
    EXPECT_EQ(out->device->link_bytes_per_second, 12e9);
    EXPECT_EQ(out->device->inclusion, cache::Inclusion::exclusive);
    EXPECT_EQ(out->device->miss, cache::MissRule::split);
    EXPECT_EQ(out->policy, "s3fifo");
    EXPECT_EQ(out->scope, cache::Scope::layer);
    EXPECT_EQ(out->queue, io::QueueKind::pread);
    EXPECT_EQ(out->guess_bytes, 1u << 20);
}

TEST(TierSettings, TakeThePublishedWayToPredict) {
    const auto out = tiers({"prefetch.predictor=next_gate",
                            "prefetch.look_ahead=1",
                            "prefetch.host_look_ahead=4",
                            "prefetch.guesses=2",
                            "prefetch.confidence=0.25"});
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_EQ(out->prefetch.predictor, "next_gate");
    EXPECT_EQ(out->prefetch.plan.look_ahead, 1u);
    EXPECT_EQ(out->prefetch.plan.host_look_ahead, 4u);
    EXPECT_EQ(out->prefetch.plan.guesses, 2u);
    EXPECT_EQ(out->prefetch.plan.confidence, 0.25F);
    EXPECT_FALSE(out->guess_bytes);  // auto
}

TEST(TierSettings, Hazard161_NameThePredictorsThereAre) {
    const auto unknown = tiers({"prefetch.predictor=crystal_ball"});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().message,
              "prefetch.predictor: expected one of none, next_gate, previous_token, transition, "
              "frequency, oracle, got \"crystal_ball\"");
    const auto oracle = tiers({"prefetch.predictor=oracle"});
    ASSERT_FALSE(oracle);
    EXPECT_EQ(oracle.error().message,
              "prefetch.predictor: 'oracle' needs a recorded trace; it is for replays");
    EXPECT_FALSE(tiers({"prefetch.budget=much"}));
}

TEST(TierSettings, TakeNumbersOfExpertsPerLayer) {
    const auto out = tiers(
        {"host.expert_budget=8/layer", "device.kind=emulated", "device.expert_budget=2/layer"});
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_TRUE(wants_tiers(*out));
    EXPECT_EQ(out->host_experts_per_layer, 8);
    ASSERT_TRUE(out->device);
    EXPECT_EQ(out->device->experts_per_layer, 2);
}

TEST(TierSettings, RefuseAPolicyThatNeedsTheFuture) {
    const auto out = tiers({"cache.policy=belady"});
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().message,
              "cache.policy: 'belady' must know the future; it is for replays");
}

TEST(TierSettings, RefuseWhatNeedsAProfileWithoutOne) {
    for (const char* assignment : {"cache.policy=static", "cache.layers=profile"}) {
        const auto out = tiers({assignment});
        ASSERT_FALSE(out);
        EXPECT_NE(out.error().message.find("needs cache.profile, a recorded trace"),
                  std::string::npos);
        EXPECT_TRUE(tiers({assignment, "cache.profile=some.trace"}));
    }
}

TEST(TierSettings, Hazard161_NameWhatIsNoSize) {
    const auto host = tiers({"host.expert_budget=much"});
    ASSERT_FALSE(host);
    EXPECT_EQ(host.error().message,
              "host.expert_budget: expected a size such as 8GiB, 512MiB or 1000000, got \"much\"");
    const auto layers = tiers({"host.expert_budget=0/layer"});
    ASSERT_FALSE(layers);
    EXPECT_EQ(layers.error().message,
              "host.expert_budget: expected a number of experts such as 2/layer, got \"0/layer\"");
    EXPECT_FALSE(tiers({"device.kind=emulated", "device.link_limit=fast"}));
    EXPECT_FALSE(tiers({"device.kind=emulated", "device.expert_budget=-1"}));
}

}  // namespace
}  // namespace greenroom::runtime
