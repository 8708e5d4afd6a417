#include "cache/tiers/copy_engine.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace greenroom::cache {
namespace {

struct OwnedSlot : Slot {
    OwnedSlot(std::size_t n, int value) : bytes_of(n, static_cast<std::byte>(value)) {
        memory = bytes_of.data();
        bytes = n;
    }
    std::vector<std::byte> bytes_of;
};

TEST(CopyEngine, CopiesWhatHasLanded) {
    OwnedSlot from(3'000'000, 7), to(3'000'000, 0);
    CopyEngine engine({});
    engine.copy(from, to, io::Urgency::demand);
    ASSERT_TRUE(to.landing.wait());
    EXPECT_EQ(to.bytes_of, from.bytes_of);
    EXPECT_TRUE(to.sent_for);
    from.wait_until_quiet();
    EXPECT_EQ(engine.bytes_copied(), 3'000'000u);
}

TEST(CopyEngine, WaitsForTheSourceWithoutHoldingOthersUp) {
    OwnedSlot late(100, 1), late_copy(100, 0), ready(100, 2), ready_copy(100, 0);
    late.landing.expect();
    CopyEngine engine({});
    engine.copy(late, late_copy, io::Urgency::demand);
    engine.copy(ready, ready_copy, io::Urgency::guess);
    ASSERT_TRUE(ready_copy.landing.wait());
    EXPECT_FALSE(late_copy.landing.settled());
    late.landing.land();
    ASSERT_TRUE(late_copy.landing.wait());
    EXPECT_EQ(late_copy.bytes_of, late.bytes_of);
}

TEST(CopyEngine, PassesTheErrorOfTheSourceOn) {
    OwnedSlot from(100, 1), to(100, 0);
    from.landing.expect();
    from.landing.fail({"the disk is gone"});
    CopyEngine engine({});
    engine.copy(from, to, io::Urgency::demand);
    EXPECT_EQ(to.landing.wait().error().message, "the disk is gone");
    from.wait_until_quiet();
}

TEST(CopyEngine, IsNoFasterThanItsLink) {
    OwnedSlot from(1'000'000, 1), to(1'000'000, 0);
    CopyEngine engine({.bytes_per_second = 50e6, .chunk_bytes = 100'000});
    const auto begin = std::chrono::steady_clock::now();
    engine.copy(from, to, io::Urgency::demand);
    ASSERT_TRUE(to.landing.wait());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(took.count(), 0.018);  // 20 ms, less the millisecond that an idle link may catch up
}

TEST(CopyEngine, DemandsPassGuessesBetweenChunks) {
    OwnedSlot from(1'000'000, 1), guess(1'000'000, 0), small(1000, 2), demand(1000, 0);
    CopyEngine engine({.bytes_per_second = 20e6, .chunk_bytes = 50'000});
    engine.copy(from, guess, io::Urgency::guess);
    engine.copy(small, demand, io::Urgency::demand);
    ASSERT_TRUE(demand.landing.wait());
    EXPECT_FALSE(guess.landing.settled());
    engine.promote(guess);
    ASSERT_TRUE(guess.landing.wait());
    EXPECT_EQ(guess.bytes_of, from.bytes_of);
}

TEST(CopyEngine, TakesBackWhatItHasNotBegun) {
    OwnedSlot late(100, 1), guess(100, 0), ready(1'000'000, 2), begun(1'000'000, 0);
    late.landing.expect();
    CopyEngine engine({.bytes_per_second = 100e6, .chunk_bytes = 50'000});
    engine.copy(late, guess, io::Urgency::guess);
    engine.withdraw(guess);
    EXPECT_EQ(guess.landing.wait().error().message, "withdrawn");
    EXPECT_EQ(late.n_readers, 0);
    late.landing.land();
    engine.copy(ready, begun, io::Urgency::guess);
    while (engine.bytes_copied() == 0) std::this_thread::yield();
    engine.withdraw(begun);
    ASSERT_TRUE(begun.landing.wait());
    EXPECT_EQ(begun.bytes_of, ready.bytes_of);
}

TEST(CopyEngine, IdleTimeGoesToTheLastCopyAskedFor) {
    OwnedSlot late(100, 1), first(100, 0), last(100, 0), guess(100, 0);
    late.landing.expect();
    CopyEngine engine({});
    engine.copy_when_idle(late, first);
    engine.copy_when_idle(late, last);
    engine.copy(late, guess, io::Urgency::guess);
    late.landing.land();
    ASSERT_TRUE(first.landing.wait());
    EXPECT_TRUE(last.landing.settled());
    EXPECT_TRUE(guess.landing.settled());
    EXPECT_EQ(first.bytes_of, late.bytes_of);
}

TEST(CopyEngine, PromotesAllThatLeavesASlotThatIsNeeded) {
    OwnedSlot from(100, 1), a(100, 0), b(100, 0), large(20'000'000, 2), slow(20'000'000, 0);
    from.landing.expect();
    CopyEngine engine({.bytes_per_second = 20e6, .chunk_bytes = 50'000});
    engine.copy(from, a, io::Urgency::guess);
    engine.copy_when_idle(from, b);
    engine.copy(large, slow, io::Urgency::guess);
    engine.promote_from(from);
    from.landing.land();
    ASSERT_TRUE(a.landing.wait());
    ASSERT_TRUE(b.landing.wait());
    EXPECT_FALSE(slow.landing.settled());  // that takes a second
    engine.abandon(slow);
    from.wait_until_quiet();
}

TEST(CopyEngine, AbandonedCopiesEndBetweenTwoChunks) {
    OwnedSlot from(20'000'000, 1), to(20'000'000, 0), late(100, 1), never(100, 0);
    late.landing.expect();
    CopyEngine engine({.bytes_per_second = 20e6, .chunk_bytes = 50'000});
    engine.copy_when_idle(late, never);
    engine.abandon(never);
    EXPECT_EQ(never.landing.wait().error().message, "withdrawn");
    engine.copy_when_idle(from, to);
    while (engine.bytes_copied() == 0) std::this_thread::yield();
    engine.abandon(to);
    EXPECT_EQ(to.landing.wait().error().message, "withdrawn");
    EXPECT_LT(engine.bytes_copied(), 20'000'000u);
    from.wait_until_quiet();
    late.landing.land();
}

TEST(CopyEngine, WhatIsNoDemandIsTakenBackAtTheEnd) {
    OwnedSlot late(100, 1), guess(100, 0), idle(100, 0);
    late.landing.expect();
    {
        CopyEngine engine({});
        engine.copy(late, guess, io::Urgency::guess);
        engine.copy_when_idle(late, idle);
    }
    EXPECT_FALSE(guess.landing.wait());
    EXPECT_FALSE(idle.landing.wait());
    late.landing.land();
}

TEST(CopyEngine, ItsSpeedIsThatOfTheLink) {
    OwnedSlot from(1'000'000, 1), to(1'000'000, 0);
    CopyEngine engine({.bytes_per_second = 50e6, .chunk_bytes = 100'000});
    EXPECT_EQ(engine.busy_seconds(), 0);
    engine.copy(from, to, io::Urgency::demand);
    ASSERT_TRUE(to.landing.wait());
    from.wait_until_quiet();
    EXPECT_GE(engine.busy_seconds(), 0.018);
}

}  // namespace
}  // namespace greenroom::cache
