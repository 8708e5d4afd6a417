#include "cache/tiers/guesses.hpp"

#include <atomic>
#include <cerrno>
#include <gtest/gtest.h>
#include <thread>

#include "cache/make_policy.hpp"
#include "tests/support/expert_file.hpp"
#include "tests/support/fake_read_queue.hpp"

namespace greenroom::cache {
namespace {
using tests::ExpertFile;
using tests::FakeReadQueue;

constexpr int kLayers = 2;

std::unique_ptr<Policy> lru() {
    return std::move(*make_policy("lru", {}));
}

// Two tiers, and a disk that reads nothing until it is told to.
class GuessesTest : public testing::Test {
 protected:
    std::uint64_t slots(std::uint64_t n) const { return n * sizes_.largest; }
    Tier::Settings tier(std::uint64_t n_slots, std::uint64_t n_guesses) const {
        return {{slots(n_slots), Scope::global, kLayers}, slots(n_guesses)};
    }
    std::unique_ptr<Loader> loader() {
        auto queue = std::make_unique<FakeReadQueue>([this](const io::DiskRead& read, std::size_t) {
            ++n_asked_;
            is_held_.wait(true);
            return FakeReadQueue::real(read);
        });
        return std::make_unique<Loader>(file_.files(), std::move(queue), io::BatchReaderSettings{});
    }
    void hold_disk() { is_held_ = true; }
    // Until the loader's thread stands still in a read.
    void wait_for_a_read() {
        while (n_asked_ == 0) std::this_thread::yield();
    }
    void let_go() {
        is_held_ = false;
        is_held_.notify_all();
    }
    // One event that uses `keys`, all of one layer, without moving anything.
    void pass(std::span<const io::ExpertKey> keys) {
        ASSERT_TRUE(device_.use(keys));
        ASSERT_TRUE(host_.use(keys));
        guesses_.review(keys.front().layer);
    }
    void settle(io::ExpertKey key) {
        for (Tier* tier : {&host_, &device_}) {
            const Slot* slot =
                tier->find_guess(key) != nullptr ? tier->find_guess(key) : tier->find(key);
            if (slot != nullptr) (void)slot->landing.wait();
        }
    }

    ExpertFile file_{kLayers, 8};
    SlotSizes sizes_ = slot_sizes(file_.homes());
    std::atomic<bool> is_held_ = false;
    std::atomic<int> n_asked_ = 0;
    Tier host_{tier(4, 2), sizes_, lru};
    Tier device_{tier(4, 2), sizes_, lru};
    CopyEngine link_{{}};
    std::unique_ptr<Loader> loader_ = loader();
    Guesses guesses_{{file_.homes(), *loader_, host_, &device_, &link_}};
};

TEST_F(GuessesTest, BringAnExpertToTheTierThatIsMeant) {
    EXPECT_EQ(guesses_.guess({1, 3}, GuessTier::host), GuessAnswer::taken);
    EXPECT_EQ(guesses_.guess({1, 4}, GuessTier::top), GuessAnswer::taken);
    for (const io::ExpertKey key : {io::ExpertKey{1, 3}, io::ExpertKey{1, 4}}) settle(key);
    EXPECT_NE(host_.find_guess({1, 3}), nullptr);
    EXPECT_EQ(device_.find_guess({1, 3}), nullptr);
    ASSERT_NE(device_.find_guess({1, 4}), nullptr);
    EXPECT_TRUE(
        file_.holds({1, 4}, weights_in(file_.homes()[1][4], device_.find_guess({1, 4})->memory)));
}

TEST_F(GuessesTest, GoOnFromTheHostToTheDevice) {
    guesses_.guess({1, 3}, GuessTier::host);
    EXPECT_EQ(guesses_.guess({1, 3}, GuessTier::host), GuessAnswer::present);
    EXPECT_EQ(guesses_.guess({1, 3}, GuessTier::top), GuessAnswer::taken);
    EXPECT_EQ(guesses_.guess({1, 3}, GuessTier::top), GuessAnswer::present);
    settle({1, 3});
    EXPECT_EQ(guesses_.counters().issued, 1u);
    EXPECT_LE(loader_->status().counters.bytes_read, slots(1));  // once
    EXPECT_EQ(link_.bytes_copied(), slots(1));
}

TEST_F(GuessesTest, AreBusyWhenTheirRoomIsFull) {
    EXPECT_EQ(guesses_.guess({1, 0}, GuessTier::top), GuessAnswer::taken);
    EXPECT_EQ(guesses_.guess({1, 1}, GuessTier::host), GuessAnswer::taken);
    EXPECT_EQ(guesses_.guess({1, 2}, GuessTier::host), GuessAnswer::busy);
    EXPECT_EQ(guesses_.guess({1, 2}, GuessTier::top), GuessAnswer::busy);
    EXPECT_EQ(device_.find_guess({1, 2}), nullptr);
}

TEST_F(GuessesTest, RefuseWhatTheModelDoesNotHave) {
    EXPECT_EQ(guesses_.guess({1, 8}, GuessTier::top), GuessAnswer::unknown);
    EXPECT_EQ(guesses_.guess({2, 0}, GuessTier::host), GuessAnswer::unknown);
}

TEST_F(GuessesTest, ComeTrueWhenTheirLayerUsesThem) {
    const io::ExpertKey key{1, 5};
    guesses_.guess(key, GuessTier::top);
    settle(key);
    pass({&key, 1});
    EXPECT_EQ(guesses_.counters().useful, 1u);
    EXPECT_EQ(guesses_.counters().late, 0u);
    EXPECT_EQ(guesses_.counters().useful_bytes, slots(1));
}

TEST_F(GuessesTest, AreLateWhenTheyHaveNotLanded) {
    const io::ExpertKey key{1, 5};
    hold_disk();
    guesses_.guess(key, GuessTier::top);
    pass({&key, 1});
    EXPECT_EQ(guesses_.counters().useful, 1u);
    EXPECT_EQ(guesses_.counters().late, 1u);
    let_go();
    settle(key);
}

TEST_F(GuessesTest, AreWastedWhenTheirLayerPasses) {
    const io::ExpertKey key{1, 5}, other{1, 6}, later{0, 1};
    guesses_.guess(key, GuessTier::top);
    settle(key);
    pass({&later, 1});
    EXPECT_EQ(guesses_.counters().wasted, 0u);
    pass({&other, 1});
    EXPECT_EQ(guesses_.counters().wasted, 1u);
    EXPECT_EQ(guesses_.counters().wasted_bytes, slots(1));
    EXPECT_EQ(host_.find_guess(key), nullptr);
    EXPECT_EQ(guesses_.guess(key, GuessTier::top), GuessAnswer::taken);
}

TEST_F(GuessesTest, AreWithdrawnBeforeTheyMove) {
    hold_disk();
    const io::ExpertKey first{1, 0}, second{1, 1}, event{0, 0};
    guesses_.guess(first, GuessTier::host);
    wait_for_a_read();
    guesses_.guess(second, GuessTier::top);
    guesses_.withdraw(second);
    guesses_.withdraw(second);
    guesses_.withdraw({1, 7});
    EXPECT_TRUE(guesses_.is_withdrawn(second));
    EXPECT_EQ(guesses_.guess(second, GuessTier::top), GuessAnswer::busy);
    EXPECT_TRUE(device_.find_guess(second)->landing.settled());
    let_go();
    settle(second);
    pass({&event, 1});
    EXPECT_EQ(guesses_.counters().withdrawn, 1u);
    EXPECT_EQ(guesses_.counters().wasted, 0u);
    EXPECT_EQ(guesses_.guess(second, GuessTier::top), GuessAnswer::taken);
    settle(second);
}

TEST_F(GuessesTest, StayWhenTheyHaveLanded) {
    guesses_.guess({1, 0}, GuessTier::top);
    settle({1, 0});
    guesses_.withdraw({1, 0});
    EXPECT_FALSE(guesses_.is_withdrawn({1, 0}));
}

}  // namespace
}  // namespace greenroom::cache
