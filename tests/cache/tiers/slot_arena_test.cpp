#include "cache/tiers/slot_arena.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace greenroom::cache {
namespace {

constexpr std::uint64_t kPage = SlotArena::kSlotAlignment;

TEST(SlotArena, HoldsAsManySlotsAsTheBudgetPays) {
    SlotArena arena(10 * kPage + 100, 3 * kPage);
    EXPECT_EQ(arena.slab_bytes(), 9 * kPage);
    for (int i = 0; i < 3; ++i) EXPECT_NE(arena.take(3 * kPage), nullptr);
    EXPECT_EQ(arena.loose_bytes(), 0u);
    EXPECT_EQ(arena.used_bytes(), 9 * kPage);
}

TEST(SlotArena, GivesMoreThanTheBudgetForAWhile) {
    SlotArena arena(kPage, kPage);
    std::byte* const first = arena.take(kPage);
    std::byte* const more = arena.take(kPage);
    ASSERT_NE(more, nullptr);
    EXPECT_EQ(arena.loose_bytes(), kPage);
    arena.give(more, kPage);
    EXPECT_EQ(arena.loose_bytes(), 0u);
    arena.give(first, kPage);
    EXPECT_EQ(arena.take(kPage), first);
    EXPECT_EQ(arena.peak_bytes(), 2 * kPage);
}

TEST(SlotArena, NobodyGetsAnAbandonedSlot) {
    SlotArena arena(kPage, kPage);
    std::byte* const lost = arena.take(kPage);
    arena.abandon(kPage);
    EXPECT_EQ(arena.used_bytes(), 0u);
    for (int i = 0; i < 3; ++i) EXPECT_NE(arena.take(kPage), lost);
}

TEST(SlotArena, NeighbouringGapsBecomeOne) {
    SlotArena arena(4 * kPage, kPage);
    std::byte* slots[4];
    for (std::byte*& slot : slots) slot = arena.take(kPage);
    for (const int i : {0, 2, 3, 1}) arena.give(slots[i], kPage);
    EXPECT_EQ(arena.take(4 * kPage), slots[0]);
}

TEST(SlotArena, SlotsNeverLieAcrossTwoSlabs) {
    SlotArena arena(8 * kPage, kPage, 2 * kPage);
    ASSERT_EQ(arena.slabs().size(), 4u);
    EXPECT_NE(arena.take(3 * kPage), nullptr);
    EXPECT_EQ(arena.loose_bytes(), 3 * kPage);
}

TEST(SlotArena, SlabsTakeTurnsOnTheMemoryNodes) {
    std::vector<std::pair<const std::byte*, int>> asked;
    const SlabPlaces nodes{.nodes = {0, 3}, .prefer = [&](std::span<std::byte> memory, int node) {
                               asked.emplace_back(memory.data(), node);
                               return true;
                           }};
    const SlotArena arena(6 * kPage, 2 * kPage, 1024 * kPage, nodes);
    ASSERT_EQ(arena.slabs().size(), 3u);
    ASSERT_EQ(asked.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(asked[i].first, arena.slabs()[i].data());
        EXPECT_EQ(asked[i].second, i == 1 ? 3 : 0);
    }
}

TEST(SlotArena, SlotsAreAlignedAndNeverOverlap) {
    constexpr unsigned kSeed = 5;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    SlotArena arena(64 * kPage, 2 * kPage, 16 * kPage);
    std::map<std::byte*, std::uint64_t> taken;
    for (int round = 0; round < 2000; ++round) {
        if (taken.size() < 40 && random() % 2 == 0) {
            const std::uint64_t bytes = 1 + random() % (3 * kPage);
            std::byte* const slot = arena.take(bytes);
            ASSERT_EQ(reinterpret_cast<std::uintptr_t>(slot) % kPage, 0u);
            const auto [at, is_new] = taken.emplace(slot, bytes);
            ASSERT_TRUE(is_new);
            if (at != taken.begin()) {
                ASSERT_LE(std::prev(at)->first + std::prev(at)->second, slot);
            }
            if (std::next(at) != taken.end()) {
                ASSERT_LE(slot + bytes, std::next(at)->first);
            }
        } else if (!taken.empty()) {
            const auto at = std::next(taken.begin(), static_cast<long>(random() % taken.size()));
            arena.give(at->first, at->second);
            taken.erase(at);
        }
    }
}

}  // namespace
}  // namespace greenroom::cache
