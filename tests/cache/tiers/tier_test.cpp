#include "cache/tiers/tier.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <thread>

#include "cache/make_policy.hpp"

namespace greenroom::cache {
namespace {

constexpr std::uint64_t kSlot = 4096;

SlotSizes eight_experts() {
    ExpertHome home;
    home.gate.range = {0, 0, kSlot};
    return slot_sizes({std::vector<ExpertHome>(8, home)});
}

Tier tier(std::uint64_t n_slots, std::uint64_t n_guesses = 0) {
    return Tier({{n_slots * kSlot, Scope::global, 1}, n_guesses * kSlot}, eight_experts(), [] {
        return std::move(*make_policy("lru", {}));
    });
}

std::vector<io::ExpertKey> keys(std::initializer_list<std::uint16_t> experts) {
    std::vector<io::ExpertKey> out;
    for (const std::uint16_t e : experts) out.push_back({0, e});
    return out;
}

TEST(Tier, MissesGetSlotsThatSomebodyHasToFill) {
    Tier t = tier(2);
    const auto outcome = t.use(keys({0, 1}));
    ASSERT_TRUE(outcome);
    EXPECT_EQ((*outcome)->misses.size(), 2u);
    ASSERT_NE(t.find({0, 0}), nullptr);
    EXPECT_FALSE(t.find({0, 0})->sent_for);
    EXPECT_NE(t.find({0, 0})->memory, t.find({0, 1})->memory);
    EXPECT_EQ(t.find({0, 2}), nullptr);
}

TEST(Tier, NobodyOfAnEventStaysWithoutBytesWhenMemoryRunsOut) {
    std::vector<ExpertHome> homes(2);
    homes[0].gate.range = {0, 0, kSlot};
    homes[1].gate.range = {0, kSlot, std::uint64_t{1} << 60};
    Tier t({{std::uint64_t{1} << 61, Scope::global, 1}}, slot_sizes({homes}), [] {
        return std::move(*make_policy("lru", {}));
    });
    const auto outcome = t.use(keys({0, 1}));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().message, "layer 0: the system has no memory for 2 more experts");
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_FALSE(t.residency().resident({0, 0}));
    EXPECT_FALSE(t.residency().resident({0, 1}));
    ASSERT_TRUE(t.use(keys({0})));
    EXPECT_EQ(t.counters().hits, 0u);  // it has to be sent for
}

TEST(Tier, HitsKeepTheirSlots) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0, 1})));
    const Slot* const slot = t.find({0, 0});
    ASSERT_TRUE(t.use(keys({0})));
    EXPECT_EQ(t.find({0, 0}), slot);
    EXPECT_EQ(t.counters().hits, 1u);
    EXPECT_EQ(t.counters().misses, 2u);
}

TEST(Tier, TheEvictedSlotIsTheNextTenants) {
    Tier t = tier(1);
    ASSERT_TRUE(t.use(keys({0})));
    std::byte* const memory = t.find({0, 0})->memory;
    ASSERT_TRUE(t.use(keys({1})));
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_EQ(t.find({0, 1})->memory, memory);
    EXPECT_EQ(t.counters().evictions, 1u);
}

TEST(Tier, ASlotIsReusedOnlyWhenNothingMovesThere) {
    Tier t = tier(1);
    ASSERT_TRUE(t.use(keys({0})));
    Slot* const slot = t.find({0, 0});
    slot->landing.expect();
    slot->add_reader();
    std::atomic<int> quiet = 0;
    const std::jthread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        slot->landing.land();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        quiet = 1;
        slot->remove_reader();
    });
    ASSERT_TRUE(t.use(keys({1})));
    EXPECT_EQ(quiet, 1);
}

TEST(Tier, WithoutABudgetExpertsPassOneByOne) {
    Tier t = tier(0);
    ASSERT_TRUE(t.use(keys({0, 1, 2})));
    for (std::uint16_t e = 0; e < 3; ++e) {
        EXPECT_EQ(t.find({0, e}), nullptr);
        EXPECT_FALSE(t.has_room_for({0, e}));
        EXPECT_NE(t.take_turn({0, e}), nullptr);
        t.leave({0, e});
    }
    EXPECT_EQ(t.arena().used_bytes(), 0u);
    EXPECT_EQ(t.arena().peak_memory_bytes(), kSlot);
}

TEST(Tier, OfALargeEventThoseThatPassMakeRoomForTheNext) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0, 1})));
    ASSERT_TRUE(t.use(keys({1, 2, 3, 4})));  // 3 and 4 stay
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_NE(t.find({0, 1}), nullptr) << "a hit, for this event";
    EXPECT_EQ(t.find({0, 2}), nullptr);
    EXPECT_TRUE(t.has_room_for({0, 2}));
    ASSERT_NE(t.take_turn({0, 2}), nullptr);
    EXPECT_FALSE(t.has_room_for({0, 3}));
    t.leave({0, 1});
    EXPECT_EQ(t.find({0, 1}), nullptr);
    EXPECT_TRUE(t.has_room_for({0, 3}));
    ASSERT_NE(t.take_turn({0, 3}), nullptr);
    t.leave({0, 3});
    EXPECT_NE(t.find({0, 3}), nullptr) << "it stays";
    EXPECT_EQ(t.arena().peak_memory_bytes(), 2 * kSlot);
}

TEST(Tier, NobodyStaysWhoGotNoSlot) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0, 1, 2})));
    ASSERT_NE(t.take_turn({0, 0}), nullptr);  // then something fails
    ASSERT_TRUE(t.use(keys({1, 2})));
    EXPECT_EQ(t.counters().hits, 0u);
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_NE(t.find({0, 1}), nullptr);
    EXPECT_EQ(t.arena().used_bytes(), 2 * kSlot);
}

TEST(Tier, ThoseThatPassLeaveTheRoomOfGuesses) {
    Tier t = tier(1, 1);
    ASSERT_TRUE(t.use(keys({0, 1})));
    ASSERT_NE(t.take_turn({0, 0}), nullptr);
    EXPECT_FALSE(t.has_room_for({0, 1}));
    EXPECT_NE(t.guess({0, 5}), nullptr);
}

TEST(Tier, AForgottenExpertIsMissedAgain) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0})));
    t.forget({0, 0});
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_EQ(t.arena().used_bytes(), 0u);
    EXPECT_EQ((*t.use(keys({0})))->misses.size(), 1u);
}

TEST(Tier, ADepartedExpertLeavesItsSlotWhenNothingMovesThere) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0, 1})));
    t.depart({0, 1});
    EXPECT_EQ(t.arena().used_bytes(), kSlot) << "nothing moved";
    Slot* const slot = t.find({0, 0});
    slot->add_reader();
    t.depart({0, 0});
    EXPECT_EQ(t.find({0, 0}), nullptr);
    EXPECT_EQ(t.find_departing({0, 0}), slot);
    EXPECT_EQ(t.residency().resident_bytes(), 0u);
    t.sweep();
    EXPECT_EQ(t.arena().used_bytes(), kSlot);
    slot->remove_reader();
    t.sweep();
    EXPECT_EQ(t.find_departing({0, 0}), nullptr);
    EXPECT_EQ(t.arena().used_bytes(), 0u);
}

TEST(Tier, ADepartingExpertThatIsUsedIsAMissWhoseBytesAreThere) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0})));
    Slot* const slot = t.find({0, 0});
    slot->sent_for = true;
    slot->add_reader();
    t.depart({0, 0});
    ASSERT_TRUE(t.use(keys({0})));
    EXPECT_EQ(t.find({0, 0}), slot);
    EXPECT_TRUE(slot->sent_for);
    EXPECT_EQ(t.counters().misses, 2u);
    slot->remove_reader();
    t.sweep();
    EXPECT_EQ(t.find({0, 0}), slot);
}

TEST(Tier, TheDepartedAreHurriedWhenTheirMemoryIsNeeded) {
    Tier t = tier(2);
    ASSERT_TRUE(t.use(keys({0, 1})));
    Slot* const slots[] = {t.find({0, 0}), t.find({0, 1})};
    std::vector<const Slot*> hurried;
    t.when_slot_is_needed([&](const Slot& slot) {
        hurried.push_back(&slot);
        const_cast<Slot&>(slot).remove_reader();
    });
    for (const std::uint16_t e : {0, 1}) {
        slots[e]->add_reader();
        t.depart({0, e});
    }
    ASSERT_TRUE(t.use(keys({2})));
    EXPECT_EQ(hurried, (std::vector<const Slot*>{slots[0]}));
    EXPECT_LE(t.arena().peak_bytes(), 2 * kSlot);
    slots[1]->remove_reader();
}

TEST(Tier, AGuessIsAMissWhoseBytesAreThere) {
    Tier t = tier(2, 1);
    Slot* const guess = t.guess({0, 5});
    ASSERT_NE(guess, nullptr);
    guess->sent_for = true;
    EXPECT_EQ(t.find({0, 5}), nullptr);
    ASSERT_TRUE(t.use(keys({5})));
    EXPECT_EQ(t.find({0, 5}), guess);
    EXPECT_TRUE(guess->sent_for);
    EXPECT_EQ(t.counters().misses, 1u);
}

TEST(Tier, GuessesKeepToTheirBudget) {
    Tier t = tier(1, 2);
    ASSERT_TRUE(t.use(keys({0})));
    EXPECT_EQ(t.guess({0, 0}), nullptr) << "resident";
    EXPECT_NE(t.guess({0, 1}), nullptr);
    EXPECT_EQ(t.guess({0, 1}), nullptr) << "guessed already";
    EXPECT_NE(t.guess({0, 2}), nullptr);
    EXPECT_EQ(t.guess({0, 3}), nullptr) << "no room";
    t.drop_guess({0, 1});
    EXPECT_NE(t.guess({0, 3}), nullptr);
    ASSERT_TRUE(t.use(keys({2})));
    EXPECT_NE(t.guess({0, 4}), nullptr) << "a used guess leaves its room";
}

}  // namespace
}  // namespace greenroom::cache
