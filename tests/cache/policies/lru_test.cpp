#include "cache/policies/lru.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

TEST(LruPolicy, SkipsPinnedKeys) {
    LruPolicy policy;
    for (const io::ExpertKey key : {kA, kB}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({kA}), kB);
    EXPECT_EQ(policy.victim({kA, kB}), std::nullopt);
}

TEST(LruPolicy, GivesUpTheOldestUse) {
    LruPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) policy.on_admit(key);
    policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
