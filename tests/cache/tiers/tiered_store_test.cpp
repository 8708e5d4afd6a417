#include "cache/tiers/tiered_store.hpp"

#include <atomic>
#include <cerrno>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "cache/make_policy.hpp"
#include "io/disk/pread_queue.hpp"
#include "tests/support/expert_file.hpp"
#include "tests/support/fake_read_queue.hpp"

namespace greenroom::cache {
namespace {
using tests::ExpertFile;
using tests::FakeReadQueue;

constexpr int kLayers = 3;
constexpr std::uint16_t kExperts = 8;

std::unique_ptr<Policy> lru() {
    return std::move(*make_policy("lru", {}));
}

class TieredStoreTest : public testing::Test {
 protected:
    std::uint64_t slots(std::uint64_t n) const { return n * slot_sizes(file_.homes()).largest; }
    Tier::Settings tier(std::uint64_t n_slots, std::uint64_t n_guesses = 0) const {
        return {{slots(n_slots), Scope::global, kLayers}, slots(n_guesses)};
    }
    TieredStore store(const TieredSettings& settings, std::unique_ptr<io::ReadQueue> queue) {
        return TieredStore(
            file_.homes(),
            settings,
            lru,
            std::make_unique<Loader>(file_.files(), std::move(queue), io::BatchReaderSettings{}));
    }
    TieredStore store(const TieredSettings& settings) {
        return store(settings, std::make_unique<io::PreadQueue>(4));
    }
    // One event; every expert has to be the right one.
    io::Result<void> use(TieredStore& store, std::span<const io::ExpertKey> keys) {
        const auto stages = store.announce(keys);
        if (!stages) return stages.error();
        std::vector<io::ExpertKey> order(stages->device.begin(), stages->device.end());
        order.insert(order.end(), stages->cpu.begin(), stages->cpu.end());
        EXPECT_TRUE(std::ranges::is_permutation(order, keys));
        for (const io::ExpertKey key : order) {
            const auto lease = store.acquire(key);
            if (!lease) return lease.error();
            EXPECT_TRUE(file_.holds(key, lease->weights()));
        }
        return {};
    }
    // Two experts of every layer, layer by layer, as decoding asks for them.
    void decode(TieredStore& store, int n_tokens, std::mt19937& random) {
        for (int step = 0; step < n_tokens * kLayers; ++step) {
            const auto layer = static_cast<std::uint16_t>(step % kLayers);
            const auto a = static_cast<std::uint16_t>(random() % kExperts);
            const auto b =
                static_cast<std::uint16_t>((a + 1 + random() % (kExperts - 1)) % kExperts);
            const io::ExpertKey keys[] = {{layer, a}, {layer, b}};
            const auto next = static_cast<std::uint16_t>((layer + 1) % kLayers);
            store.guess({next, static_cast<std::uint16_t>(random() % kExperts)}, GuessTier::top);
            const auto used = use(store, keys);
            ASSERT_TRUE(used) << used.error().message;
        }
    }

    ExpertFile file_{kLayers, kExperts};
};

TEST_F(TieredStoreTest, BringsExpertsFromDiskToTheHost) {
    TieredStore s = store({.host = tier(4), .device = {}});
    const io::ExpertKey keys[] = {{0, 3}, {0, 5}};
    ASSERT_TRUE(use(s, keys));
    EXPECT_EQ(s.outcome({0, 3}), UseOutcome::miss);
    ASSERT_TRUE(use(s, keys));
    EXPECT_EQ(s.outcome({0, 3}), UseOutcome::hit);
    EXPECT_EQ(s.status().host.hits, 2u);
    EXPECT_EQ(s.status().host.misses, 2u);
    EXPECT_FALSE(s.status().device);
}

TEST_F(TieredStoreTest, AndFromTheHostToTheDevice) {
    TieredStore s =
        store({.host = tier(8), .device = DeviceTierSettings{.tier = tier(2), .link = {}}});
    const io::ExpertKey first[] = {{0, 1}, {0, 2}}, second[] = {{1, 1}, {1, 2}};
    ASSERT_TRUE(use(s, first));
    ASSERT_TRUE(use(s, second));
    ASSERT_TRUE(use(s, first));  // evicted from the device, still in host memory
    const StoreStatus status = s.status();
    EXPECT_EQ(status.device->misses, 6u);
    EXPECT_EQ(status.host.misses, 4u);
    EXPECT_EQ(status.host.hits, 2u);
    EXPECT_EQ(status.link_bytes, slots(6));
}

TEST_F(TieredStoreTest, ExclusiveTiersGiveTheHostCopyBack) {
    DeviceTierSettings device{.tier = tier(4), .link = {}, .inclusion = Inclusion::exclusive};
    TieredStore s = store({.host = tier(8), .device = device});
    const io::ExpertKey first[] = {{0, 1}, {0, 2}}, second[] = {{1, 1}};
    ASSERT_TRUE(use(s, first));
    EXPECT_EQ(s.status().host_bytes, slots(2));
    ASSERT_TRUE(use(s, second));
    EXPECT_EQ(s.status().host_bytes, slots(1));
    EXPECT_EQ(s.status().device_bytes, slots(3));
}

TEST_F(TieredStoreTest, HoldsTheRightExpertsUnderEveryBudgetAndOrderOfArrival) {
    constexpr unsigned kSeed = 11;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    for (const std::uint64_t host : {0, 1, 3, 24}) {
        for (const int device : {-1, 0, 1, 5}) {
            for (const Inclusion inclusion : {Inclusion::inclusive, Inclusion::exclusive}) {
                TieredSettings settings{.host = tier(host, 3), .device = {}};
                if (device >= 0) {
                    settings.device =
                        DeviceTierSettings{.tier = tier(static_cast<std::uint64_t>(device), 2),
                                           .link = {.bytes_per_second = 0, .chunk_bytes = 5000},
                                           .inclusion = inclusion};
                }
                auto queue = std::make_unique<FakeReadQueue>(
                    [](const io::DiskRead& read, std::size_t) { return FakeReadQueue::real(read); },
                    6);
                // Runs on the loader's thread, so with numbers of its own.
                queue->pick = [own = std::mt19937(host)](std::size_t n) mutable {
                    return own() % n;
                };
                TieredStore s = store(settings, std::move(queue));
                decode(s, 8, random);
            }
        }
    }
}

TEST_F(TieredStoreTest, GuessesChangeNoHits) {
    const auto run = [&](std::uint64_t n_guesses) {
        std::mt19937 random(3);
        TieredStore s = store({.host = tier(6, n_guesses), .device = {}});
        decode(s, 50, random);
        return s.status();
    };
    const StoreStatus without = run(0), with = run(4);
    EXPECT_EQ(without.guesses.issued, 0u);
    EXPECT_GT(with.guesses.useful, 0u);
    EXPECT_GT(with.guesses.wasted, 0u);
    EXPECT_EQ(with.host.hits, without.host.hits);
    EXPECT_EQ(with.host.misses, without.host.misses);
    EXPECT_LE(with.guesses.useful + with.guesses.wasted + with.guesses.withdrawn,
              with.guesses.issued);
}

TEST_F(TieredStoreTest, AUsefulGuessIsReadOnce) {
    TieredStore s = store({.host = tier(4, 2), .device = {}});
    EXPECT_EQ(s.guess({1, 4}, GuessTier::top), GuessAnswer::taken);
    EXPECT_EQ(s.guess({1, 4}, GuessTier::top), GuessAnswer::present);
    const io::ExpertKey keys[] = {{1, 4}};
    ASSERT_TRUE(use(s, keys));
    EXPECT_EQ(s.status().guesses.useful, 1u);
    EXPECT_EQ(s.outcome({1, 4}), UseOutcome::guess);
    const std::uint64_t read = s.status().disk.counters.bytes_read;
    EXPECT_LE(read, slots(1));
}

TEST_F(TieredStoreTest, Hazard092_AnExpertThatCannotBeReadFailsItsEventAndIsTriedAgain) {
    std::atomic<bool> is_broken = true;
    TieredStore s =
        store({.host = tier(4), .device = DeviceTierSettings{.tier = tier(4), .link = {}}},
              std::make_unique<FakeReadQueue>([&is_broken](const io::DiskRead& read, std::size_t) {
                  return is_broken ? -EIO : FakeReadQueue::real(read);
              }));
    const io::ExpertKey keys[] = {{2, 6}};
    const auto failed = use(s, keys);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("expert 6 of layer 2: "), std::string::npos);
    EXPECT_NE(failed.error().message.find("Input/output error"), std::string::npos);
    is_broken = false;
    EXPECT_TRUE(use(s, keys));
}

TEST_F(TieredStoreTest, Hazard097_ASlotThatMayStillBeWrittenToIsNotUsedAgain) {
    std::atomic<bool> is_mute = true;
    std::atomic<const std::byte*> lost = nullptr;
    auto queue = std::make_unique<FakeReadQueue>(
        [&](const io::DiskRead& read, std::size_t) {
            if (!is_mute) return FakeReadQueue::real(read);
            if (lost == nullptr) lost = read.to.data();
            return FakeReadQueue::kNever;
        },
        16);
    TieredStore s(
        file_.homes(),
        {.host = tier(1), .device = {}},
        lru,
        std::make_unique<Loader>(file_.files(),
                                 std::move(queue),
                                 io::BatchReaderSettings{.patience = std::chrono::seconds(1)}));
    const io::ExpertKey keys[] = {{0, 1}};
    const auto failed = use(s, keys);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("no answer from the disk"), std::string::npos);
    is_mute = false;
    for (int i = 0; i < 3; ++i) {
        const auto order = s.announce(keys);
        ASSERT_TRUE(order);
        const auto lease = s.acquire(keys[0]);
        ASSERT_TRUE(lease) << lease.error().message;
        EXPECT_TRUE(file_.holds(keys[0], lease->weights()));
        const auto* gate = static_cast<const std::byte*>(lease->weights().gate.data);
        EXPECT_TRUE(gate < lost || gate >= lost + slots(1));
    }
}

TEST_F(TieredStoreTest, RegistersItsSlabsWithTheQueue) {
    auto queue = std::make_unique<FakeReadQueue>(
        [](const io::DiskRead& read, std::size_t) { return FakeReadQueue::real(read); });
    const FakeReadQueue* const seen = queue.get();
    const TieredStore s = store({.host = tier(4), .device = {}}, std::move(queue));
    EXPECT_EQ(seen->n_regions, 1u);
}

TEST_F(TieredStoreTest, RefusesWhatWasNotAnnounced) {
    TieredStore s = store({.host = tier(4), .device = {}});
    EXPECT_FALSE(s.acquire({0, 0}));
    EXPECT_EQ(s.guess({9, 0}, GuessTier::top), GuessAnswer::unknown);
}

}  // namespace
}  // namespace greenroom::cache
