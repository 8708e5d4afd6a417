#include "cache/policies/static_profile.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

TEST(StaticProfilePolicy, KeepsWhatTheProfileUsedMost) {
    KeyTable<std::uint64_t> profile;
    profile[kA] = 5;
    profile[kB] = 9;
    StaticProfilePolicy policy(profile);  // C is not in it
    for (const io::ExpertKey key : {kB, kA, kC}) policy.on_admit(key);
    for (int i = 0; i < 20; ++i) policy.on_use(kC);
    EXPECT_EQ(policy.victim({}), kC);
    EXPECT_EQ(policy.victim({kC}), kA);
}

TEST(StaticProfilePolicy, GivesUpTheOldestUseAmongEquals) {
    StaticProfilePolicy policy({});
    for (const io::ExpertKey key : {kA, kB}) policy.on_admit(key);
    policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
