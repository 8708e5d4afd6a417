#include "cache/policy.hpp"

#include <gtest/gtest.h>

#include "cache/make_policy.hpp"
#include "cache/residency.hpp"

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

class EveryPolicy : public testing::TestWithParam<std::string_view> {
 protected:
    std::unique_ptr<Policy> make() const {
        PolicyInputs inputs;
        inputs.future[kA] = {0, 3};
        inputs.future[kB] = {1};
        return std::move(*make_policy(GetParam(), inputs));
    }
};

TEST_P(EveryPolicy, HasNoVictimWhenNothingIsResident) {
    EXPECT_EQ(make()->victim({}), std::nullopt);
}

TEST_P(EveryPolicy, HasNoVictimWhenAllArePinned) {
    auto policy = make();
    for (const io::ExpertKey key : {kA, kB, kC}) policy->on_admit(key);
    EXPECT_EQ(policy->victim({kA, kB, kC}), std::nullopt);
    EXPECT_EQ(policy->victim({kA, kC}), kB);
}

TEST_P(EveryPolicy, GivesTheSameVictimUntilSomethingHappens) {
    auto policy = make();
    for (const io::ExpertKey key : {kA, kB, kC}) policy->on_admit(key);
    const auto first = policy->victim({});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(policy->victim({}), first);
}

TEST_P(EveryPolicy, EmptiesOneVictimAtATime) {
    auto policy = make();
    for (const io::ExpertKey key : {kA, kB, kC}) policy->on_admit(key);
    policy->on_use(kA);
    policy->on_use(kA);
    for (int left = 3; left > 0; --left) {
        const auto victim = policy->victim({});
        ASSERT_TRUE(victim);
        policy->on_evict(*victim);
    }
    EXPECT_EQ(policy->victim({}), std::nullopt);
}

TEST_P(EveryPolicy, ToleratesAKeyThatReturns) {
    auto policy = make();
    for (int i = 0; i < 3; ++i) {
        policy->on_admit(kA);
        policy->on_evict(kA);
    }
    policy->on_admit(kA);
    EXPECT_EQ(policy->victim({}), kA);
}

TEST_P(EveryPolicy, TakesTheSameKeyTwiceAsAUse) {
    auto policy = make();
    policy->on_admit(kA);
    policy->on_admit(kA);
    policy->on_evict(kA);
    EXPECT_EQ(policy->victim({}), std::nullopt);
    policy->on_evict(kA);
    policy->on_admit(kB);
    EXPECT_EQ(policy->victim({}), kB);
}

// 200 events over three experts of 10 bytes, with room for `slots` of them.
void run_under(const Residency::MakePolicy& policy, std::uint64_t slots, std::uint64_t peak) {
    KeyTable<std::uint64_t> sizes;
    for (const io::ExpertKey key : {kA, kB, kC}) sizes[key] = 10;
    Residency residency({.budget_bytes = 10 * slots}, sizes, policy);
    std::uint64_t hits = 0;
    for (int i = 0; i < 200; ++i) {
        const io::ExpertKey key = i % 7 < 3 ? kA : i % 2 == 0 ? kB : kC;
        hits += residency.use({&key, 1}).hits.size();
        EXPECT_LE(residency.resident_bytes(), peak);
    }
    EXPECT_EQ(residency.peak_bytes(), peak);
    EXPECT_EQ(hits > 0, slots > 0);
}

TEST_P(EveryPolicy, WorksWithOneSlot) {
    run_under([&] { return make(); }, 1, 10);
}

TEST_P(EveryPolicy, WorksWithNoSlotAtAll) {
    run_under([&] { return make(); }, 0, 0);
}

INSTANTIATE_TEST_SUITE_P(All, EveryPolicy, testing::ValuesIn(policy_names()), [](const auto& info) {
    std::string name(info.param);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace greenroom::cache
