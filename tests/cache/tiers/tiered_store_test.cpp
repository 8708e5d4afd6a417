#include "cache/tiers/tiered_store.hpp"

#include <atomic>
#include <cerrno>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <thread>
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
        std::vector<io::ExpertKey> order;
        for (const auto stage : {stages->device.first(stages->n_at_hand),
                                 stages->cpu,
                                 stages->device.subspan(stages->n_at_hand)}) {
            order.insert(order.end(), stage.begin(), stage.end());
        }
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
    EXPECT_EQ(s.status().host_bytes.used, slots(2));
    ASSERT_TRUE(use(s, second));
    EXPECT_EQ(s.status().host_bytes.used, slots(1));
    EXPECT_EQ(s.status().device_bytes.used, slots(3));
}

TEST_F(TieredStoreTest, TheCpuComputesWhatTheDeviceMissesAndItsCopyFollows) {
    DeviceTierSettings device{.tier = tier(4), .link = {}, .miss = MissRule::cpu};
    TieredStore s = store({.host = tier(8), .device = device});
    const io::ExpertKey first[] = {{0, 1}, {0, 2}}, second[] = {{1, 1}};
    const auto stages = s.announce(first);
    ASSERT_TRUE(stages);
    EXPECT_TRUE(stages->device.empty());
    EXPECT_TRUE(std::ranges::is_permutation(stages->cpu, first));
    ASSERT_TRUE(use(s, second));
    EXPECT_EQ(s.status().stalls.link_s, 0);
    EXPECT_EQ(s.status().cpu_experts, 3u);
    EXPECT_EQ(s.status().device->misses, 3u);
    EXPECT_EQ(s.status().device_bytes.used, slots(3));
    while (s.status().link_bytes < slots(3)) std::this_thread::yield();
    const auto again = s.announce(first);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->n_at_hand, 2u);
    EXPECT_TRUE(again->cpu.empty());
}

// A byte in a millisecond: whatever waited for the link would wait for half a minute.
TEST_F(TieredStoreTest, NothingWaitsForTheLinkWhileTheCpuComputes) {
    std::mt19937 random(7);
    for (const Inclusion inclusion : {Inclusion::inclusive, Inclusion::exclusive}) {
        DeviceTierSettings device{.tier = tier(3),
                                  .link = {.bytes_per_second = 1000, .chunk_bytes = 1},
                                  .inclusion = inclusion,
                                  .miss = MissRule::cpu};
        TieredStore s = store({.host = tier(24), .device = device});
        decode(s, 20, random);
        EXPECT_EQ(s.status().stalls.link_s, 0);
        EXPECT_LT(s.status().link_bytes, slots(1));
    }
}

TEST_F(TieredStoreTest, ExclusiveTiersKeepTheHostCopyUntilItHasBeenCopied) {
    DeviceTierSettings device{.tier = tier(4),
                              .link = {.bytes_per_second = 1000, .chunk_bytes = 1},
                              .inclusion = Inclusion::exclusive,
                              .miss = MissRule::cpu};
    TieredStore s = store({.host = tier(8), .device = device});
    const io::ExpertKey first[] = {{0, 1}, {0, 2}}, second[] = {{1, 1}};
    ASSERT_TRUE(use(s, first));
    ASSERT_TRUE(use(s, second));
    EXPECT_EQ(s.status().host_bytes.used, slots(3));
    ASSERT_TRUE(use(s, first)) << "from the copies in host memory";
    EXPECT_EQ(s.status().device->hits, 2u);
    EXPECT_EQ(s.status().host.misses, 3u);
}

TEST_F(TieredStoreTest, WhoIsResidentDoesNotDependOnTheMissPath) {
    for (const Inclusion inclusion : {Inclusion::inclusive, Inclusion::exclusive}) {
        for (const std::uint64_t host : {0, 3, 24}) {
            for (const std::uint64_t on_device : {0, 4}) {
                std::optional<StoreStatus> fetched;
                for (const MissRule miss : {MissRule::fetch, MissRule::cpu, MissRule::split}) {
                    std::mt19937 random(5);
                    DeviceTierSettings device{.tier = tier(on_device),
                                              .link = {.bytes_per_second = 300e6},
                                              .inclusion = inclusion,
                                              .miss = miss};
                    TieredStore s = store({.host = tier(host), .device = device});
                    decode(s, 12, random);
                    const StoreStatus status = s.status();
                    if (!fetched) fetched = status;
                    EXPECT_EQ(status.device->hits, fetched->device->hits);
                    EXPECT_EQ(status.device->evictions, fetched->device->evictions);
                    EXPECT_EQ(status.host.hits, fetched->host.hits);
                    EXPECT_EQ(status.host.evictions, fetched->host.evictions);
                }
            }
        }
    }
}

// What the CPU computes of the misses when link and CPU have such speeds.
TEST_F(TieredStoreTest, SplitSendsMostTheWayThatIsFaster) {
    using std::chrono::milliseconds;
    for (const auto& [link_speed, cpu_takes] :
         {std::pair(0.0, milliseconds(3)), std::pair(10e6, milliseconds(0))}) {
        DeviceTierSettings device{
            .tier = tier(0), .link = {.bytes_per_second = link_speed}, .miss = MissRule::split};
        TieredStore s = store({.host = tier(24), .device = device});
        constexpr std::uint64_t kEvents = 40;
        for (std::uint64_t i = 0; i < kEvents; ++i) {
            const io::ExpertKey key = {0, static_cast<std::uint16_t>(i % kExperts)};
            ASSERT_TRUE(s.announce({&key, 1}));
            const auto lease = s.acquire(key);
            ASSERT_TRUE(lease);
            std::this_thread::sleep_for(cpu_takes);
        }
        const std::uint64_t on_cpu = s.status().cpu_experts;
        EXPECT_GT(on_cpu, 0u) << "it is tried once";
        EXPECT_EQ(on_cpu < kEvents / 2, link_speed == 0) << on_cpu;
    }
}

TEST_F(TieredStoreTest, HoldsTheRightExpertsUnderEveryBudgetAndOrderOfArrival) {
    constexpr unsigned kSeed = 11;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    for (const std::uint64_t host : {0, 3, 24}) {
        for (const int device : {-1, 0, 1, 5}) {
            for (int way = 0; way < (device < 0 ? 1 : 6); ++way) {
                const Inclusion inclusion = way < 3 ? Inclusion::inclusive : Inclusion::exclusive;
                const auto miss = static_cast<MissRule>(way % 3);
                TieredSettings settings{.host = tier(host, 3), .device = {}};
                if (device >= 0) {
                    settings.device =
                        DeviceTierSettings{.tier = tier(static_cast<std::uint64_t>(device), 2),
                                           .link = {.bytes_per_second = 0, .chunk_bytes = 5000},
                                           .inclusion = inclusion,
                                           .miss = miss};
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

// Prompts that use every expert of a layer, and decoded tokens between them.
TEST_F(TieredStoreTest, NoEventTakesMoreThanTheBudgetsAndASlot) {
    std::vector<io::ExpertKey> keys;
    for (const std::uint64_t host : {0, 1, 5, 9}) {
        for (const int device : {-1, 0, 1, 6}) {
            for (int way = 0; way < (device < 0 ? 1 : 6); ++way) {
                SCOPED_TRACE(testing::Message() << host << ", " << device << ", " << way);
                std::mt19937 random(13);
                TieredSettings settings{.host = tier(host), .device = {}};
                if (device >= 0) {
                    settings.device = DeviceTierSettings{
                        .tier = tier(static_cast<std::uint64_t>(device)),
                        .link = {},
                        .inclusion = way < 3 ? Inclusion::inclusive : Inclusion::exclusive,
                        .miss = static_cast<MissRule>(way % 3)};
                }
                TieredStore s = store(settings);
                for (int prompt = 0; prompt < 3; ++prompt) {
                    for (std::uint16_t layer = 0; layer < kLayers; ++layer) {
                        keys.clear();
                        for (std::uint16_t e = 0; e < kExperts; ++e) keys.push_back({layer, e});
                        std::ranges::shuffle(keys, random);
                        const auto used = use(s, keys);
                        ASSERT_TRUE(used) << used.error().message;
                    }
                    decode(s, 2, random);
                }
                EXPECT_LE(s.status().host_bytes.peak_memory, slots(host + 1));
                if (device < 0) continue;
                EXPECT_LE(s.status().device_bytes.peak_memory,
                          slots(static_cast<std::uint64_t>(device) + 1));
            }
        }
    }
}

TEST_F(TieredStoreTest, AFailureAmongThoseThatPassLeavesNothingBehind) {
    std::atomic<int> n_reads = 0;
    std::atomic<bool> is_broken = true;
    TieredStore s =
        store({.host = tier(2), .device = {}},
              std::make_unique<FakeReadQueue>([&](const io::DiskRead& read, std::size_t) {
                  return ++n_reads > 8 && is_broken ? -EIO : FakeReadQueue::real(read);
              }));
    std::vector<io::ExpertKey> keys;
    for (std::uint16_t e = 0; e < kExperts; ++e) keys.push_back({0, e});
    EXPECT_FALSE(use(s, keys));
    is_broken = false;
    for (int i = 0; i < 2; ++i) {
        const auto used = use(s, keys);
        ASSERT_TRUE(used) << used.error().message;
    }
    EXPECT_EQ(s.status().host_bytes.used, slots(2));
    EXPECT_LE(s.status().host_bytes.peak_memory, slots(3));
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
