#include "cache/policies/least_stale.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

TEST(LeastStalePolicy, MakesRoomInTheComingLayerFirstAndThenGoesBack) {
    LeastStalePolicy policy;
    const io::ExpertKey first{0, 0}, second{1, 0}, third{2, 0};
    for (const io::ExpertKey key : {first, second, third}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({}), first);
    EXPECT_EQ(policy.victim({first}), third);
    EXPECT_EQ(policy.victim({first, third}), second);
    policy.on_use(first);  // the second layer is next
    EXPECT_EQ(policy.victim({}), second);
    EXPECT_EQ(policy.victim({second}), first);
    EXPECT_EQ(policy.victim({first, second}), third);
}

TEST(LeastStalePolicy, GivesUpTheOldestUseWithinALayer) {
    LeastStalePolicy policy;
    for (const std::uint16_t expert : {0, 1, 2}) policy.on_admit({0, expert});
    policy.on_use({0, 0});
    EXPECT_EQ(policy.victim({}), (io::ExpertKey{0, 1}));
}

}  // namespace
}  // namespace greenroom::cache
