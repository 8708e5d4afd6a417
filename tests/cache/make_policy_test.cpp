#include "cache/make_policy.hpp"

#include <gtest/gtest.h>

#include "cache/policies/arc.hpp"
#include "cache/policies/belady.hpp"
#include "cache/policies/least_stale.hpp"
#include "cache/policies/lfru.hpp"
#include "cache/policies/lfu.hpp"
#include "cache/policies/lru.hpp"
#include "cache/policies/random.hpp"
#include "cache/policies/s3fifo.hpp"
#include "cache/policies/static_profile.hpp"

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

std::unique_ptr<Policy> made(std::string_view name, const PolicyInputs& inputs = {}) {
    auto policy = make_policy(name, inputs);
    return policy ? std::move(*policy) : nullptr;
}

template <class Kind>
bool makes(std::string_view name) {
    return dynamic_cast<const Kind*>(made(name).get()) != nullptr;
}

TEST(MakePolicy, MakesWhatTheNameSays) {
    EXPECT_TRUE(makes<LruPolicy>("lru"));
    EXPECT_TRUE(makes<LfuPolicy>("lfu"));
    EXPECT_TRUE(makes<LfuPolicy>("lfu-decay"));
    EXPECT_TRUE(makes<LfruPolicy>("lfru"));
    EXPECT_TRUE(makes<S3FifoPolicy>("s3fifo"));
    EXPECT_TRUE(makes<ArcPolicy>("arc"));
    EXPECT_TRUE(makes<LeastStalePolicy>("least-stale"));
    EXPECT_TRUE(makes<StaticProfilePolicy>("static"));
    EXPECT_TRUE(makes<RandomPolicy>("random"));
    EXPECT_TRUE(makes<BeladyPolicy>("belady"));
}

TEST(MakePolicy, MakesEveryNameThatItLists) {
    EXPECT_EQ(policy_names().size(), 10u);
    for (const std::string_view name : policy_names()) EXPECT_NE(made(name), nullptr) << name;
}

TEST(MakePolicy, NamesThePoliciesThereAre) {
    const auto made = make_policy("lur", {});
    ASSERT_FALSE(made.ok());
    EXPECT_NE(made.error().message.find("'lur' is not known; there are: lru, lfu"),
              std::string::npos);
}

TEST(MakePolicy, HandsOverProfileAndFuture) {
    PolicyInputs inputs;
    inputs.profile[kB] = 1;
    inputs.future[kB] = {1, 2};
    for (const std::string_view name : {"static", "belady"}) {
        const auto policy = made(name, inputs);
        for (const io::ExpertKey key : {kB, kA}) policy->on_admit(key);
        EXPECT_EQ(policy->victim({}), kA) << name;
    }
}

TEST(MakePolicy, OnlyDecayTakesTheHalfLife) {
    for (const std::string_view name : {"lfu", "lfu-decay"}) {
        const auto policy = made(name, {.half_life_uses = 4});
        for (int i = 0; i < 20; ++i) policy->on_admit(kA);
        for (int i = 0; i < 15; ++i) policy->on_admit(kB);
        EXPECT_EQ(policy->victim({}), name == "lfu" ? kB : kA) << name;
    }
}

TEST(MakePolicy, HandsTheSeedToRandom) {
    const auto victims = [](std::uint64_t seed) {
        const auto policy = made("random", {.seed = seed});
        std::vector<io::ExpertKey> out;
        for (std::uint16_t e = 0; e < 40; ++e) policy->on_admit({0, e});
        for (int i = 0; i < 30; ++i) {
            out.push_back(policy->victim({}).value_or(kC));
            policy->on_evict(out.back());
        }
        return out;
    };
    EXPECT_EQ(victims(1), victims(1));
    EXPECT_NE(victims(1), victims(2));
}

}  // namespace
}  // namespace greenroom::cache
