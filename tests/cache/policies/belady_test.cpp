#include "cache/policies/belady.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

TEST(BeladyPolicy, GivesUpWhatIsUsedLastOrNeverAgain) {
    KeyTable<std::vector<std::uint32_t>> uses;
    uses[kA] = {0, 3};
    uses[kB] = {1, 2, 4};
    uses[kC] = {2};
    BeladyPolicy policy(uses);
    policy.on_admit(kA);  // event 0; next 3
    policy.on_admit(kB);  // event 1; next 2
    EXPECT_EQ(policy.victim({}), kA);
    policy.on_use(kB);    // event 2; next 4
    policy.on_admit(kC);  // event 2; never again
    EXPECT_EQ(policy.victim({}), kC);
    EXPECT_EQ(policy.victim({kC}), kB);
}

TEST(BeladyPolicy, AnEvictionTakesNothingOffTheFuture) {
    KeyTable<std::vector<std::uint32_t>> uses;
    uses[kA] = {0, 2, 5};
    uses[kB] = {1, 9};
    BeladyPolicy policy(uses);
    policy.on_admit(kA);
    policy.on_evict(kA);
    policy.on_admit(kB);  // next 9
    policy.on_admit(kA);  // event 2; next 5
    EXPECT_EQ(policy.victim({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
