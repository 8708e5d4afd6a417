#include "cache/policies/lfru.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0}, kD{1, 1};

TEST(LfruPolicy, ASecondUsePromotes) {
    LfruPolicy policy;
    for (const io::ExpertKey key : {kA, kB}) policy.on_admit(key);
    policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kB);
    EXPECT_EQ(policy.victim({kB}), kA);  // the privileged only when nothing else is left
}

TEST(LfruPolicy, RecencyDecidesWhoIsPrivileged) {
    LfruPolicy policy(0.5);
    for (const io::ExpertKey key : {kA, kB}) policy.on_admit(key);
    for (const io::ExpertKey key : {kA, kA, kA, kB}) policy.on_use(key);
    EXPECT_EQ(policy.victim({}), kA);  // used more, and longer ago
}

TEST(LfruPolicy, ThePrivilegedPartKeepsItsShare) {
    LfruPolicy policy(0.5);
    for (const io::ExpertKey key : {kA, kB, kC, kD}) policy.on_admit(key);
    for (const io::ExpertKey key : {kA, kA, kA, kB, kC, kD}) policy.on_use(key);
    // Half of four are C and D; of the rest B was used less often than A.
    EXPECT_EQ(policy.victim({}), kB);
    EXPECT_EQ(policy.victim({kB}), kA);
    EXPECT_EQ(policy.victim({kA, kB}), kC);
}

TEST(LfruPolicy, TheRestGoByUsesAlsoThoseBeforeAnEviction) {
    LfruPolicy policy;
    for (int i = 0; i < 2; ++i) {
        policy.on_admit(kA);
        policy.on_evict(kA);
    }
    policy.on_admit(kA);
    policy.on_admit(kB);
    EXPECT_EQ(policy.victim({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
