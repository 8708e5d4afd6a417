#include "tests/cache/second_chance.hpp"

#include <gtest/gtest.h>

#include "cache/residency.hpp"

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{0, 2};

TEST(SecondChancePolicy, GivesUpTheOldestThatWasNotUsed) {
    SecondChancePolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) policy.on_admit(key);
    policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kB);
    EXPECT_EQ(policy.victim({kB}), kC);
    EXPECT_EQ(policy.victim({kB, kC}), kA);
    EXPECT_EQ(policy.victim({kA, kB, kC}), std::nullopt);
}

TEST(SecondChancePolicy, ASecondChanceIsNotAThird) {
    SecondChancePolicy policy;
    for (const io::ExpertKey key : {kA, kB}) policy.on_admit(key);
    policy.on_use(kA);
    policy.on_evict(kB);  // the hand has passed A
    policy.on_admit(kC);
    EXPECT_EQ(policy.victim({}), kA);
}

TEST(SecondChancePolicy, DecidesForABudget) {
    KeyTable<std::uint64_t> sizes;
    for (const io::ExpertKey key : {kA, kB, kC}) sizes[key] = 100;
    Residency residency(
        {.budget_bytes = 200}, sizes, [] { return std::make_unique<SecondChancePolicy>(); });
    for (const io::ExpertKey key : {kA, kB, kA}) residency.use({&key, 1});
    const EventOutcome& outcome = residency.use({&kC, 1});
    ASSERT_EQ(outcome.evicted.size(), 1u);
    EXPECT_EQ(outcome.evicted[0], kB);
}

}  // namespace
}  // namespace greenroom::cache
