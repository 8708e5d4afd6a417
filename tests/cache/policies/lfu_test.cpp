#include "cache/policies/lfu.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

TEST(LfuPolicy, GivesUpTheFewestUsesAndAmongEqualsTheOldest) {
    LfuPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC, kA, kC}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({}), kB);
    EXPECT_EQ(policy.victim({kB}), kA);
}

TEST(LfuPolicy, CountsSurviveEviction) {
    LfuPolicy policy;
    policy.on_admit(kA);
    policy.on_use(kA);
    policy.on_admit(kB);
    policy.on_evict(kA);
    policy.on_admit(kA);
    EXPECT_EQ(policy.victim({}), kB);
}

TEST(LfuPolicy, ForgetsOldUsesWithAHalfLife) {
    LfuPolicy forgetful(4.0), faithful;
    for (LfuPolicy* policy : {&forgetful, &faithful}) {
        policy->on_admit(kA);
        for (int i = 0; i < 20; ++i) policy->on_use(kA);
        policy->on_admit(kB);
        for (int i = 0; i < 15; ++i) policy->on_use(kB);
    }
    EXPECT_EQ(forgetful.victim({}), kA);
    EXPECT_EQ(faithful.victim({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
