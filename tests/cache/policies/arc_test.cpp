#include "cache/policies/arc.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0}, kD{1, 1}, kE{1, 2};

TEST(ArcPolicy, GivesUpWhatWasUsedOnceBeforeWhatWasUsedAgain) {
    ArcPolicy policy;
    policy.on_admit(kA);
    policy.on_use(kA);
    policy.on_admit(kB);
    EXPECT_EQ(policy.victim({}), kB);
    EXPECT_EQ(policy.victim({kB}), kA);
}

// B comes back after it was given up from the experts used once: they get more room.
ArcPolicy with_a_ghost_returned() {
    ArcPolicy policy;
    policy.on_admit(kA);
    policy.on_use(kA);
    policy.on_admit(kB);
    policy.on_evict(kB);
    policy.on_admit(kB);
    policy.on_admit(kC);
    return policy;
}

TEST(ArcPolicy, AGhostOfTheUsedOnceMakesRoomForThem) {
    EXPECT_EQ(with_a_ghost_returned().victim({}), kA);
}

TEST(ArcPolicy, AGhostOfTheUsedAgainTakesItBack) {
    ArcPolicy policy = with_a_ghost_returned();
    policy.on_evict(kA);
    policy.on_admit(kA);
    EXPECT_EQ(policy.victim({}), kC);
    EXPECT_EQ(policy.victim({kC}), kB);  // A is among those used again, behind it
}

TEST(ArcPolicy, ForgetsGhostsBeyondWhatIsResident) {
    ArcPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) {
        policy.on_admit(key);
        policy.on_evict(key);
    }
    for (const io::ExpertKey key : {kA, kD, kE}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({}), kA);  // as a ghost it would be among those used again
}

}  // namespace
}  // namespace greenroom::cache
