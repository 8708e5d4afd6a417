#include "runtime/lab/virtual_tiers.hpp"

#include <gtest/gtest.h>

#include "cache/make_policy.hpp"

namespace greenroom::runtime {
namespace {

using cache::GuessAnswer, cache::GuessTier;

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0}, kD{1, 1};

// Experts of ten bytes; the disk carries one in a second, the link in a tenth of one.
class VirtualTiersTest : public testing::Test {
 protected:
    static cache::KeyTable<std::uint64_t> sizes() {
        cache::KeyTable<std::uint64_t> out;
        for (const io::ExpertKey key : {kA, kB, kC, kD}) out[key] = 10;
        return out;
    }
    static VirtualTiers make(VirtualTierSettings settings) {
        settings.disk = {.bytes_per_s = 10};
        settings.link = {.bytes_per_s = 100};
        return VirtualTiers(
            settings, sizes(), [] { return std::move(*cache::make_policy("lru", {})); });
    }
    static VirtualTiers host(std::uint64_t budget, std::uint64_t guesses = 0) {
        return make({.top = {.budget_bytes = budget}, .guess_bytes = guesses});
    }
    static VirtualTiers device(std::uint64_t budget, std::uint64_t guesses, bool filled) {
        return make({.top = {.budget_bytes = budget},
                     .host = cache::ResidencySettings{.budget_bytes = 20},
                     .host_is_filled = filled,
                     .guess_bytes = guesses});
    }
};

TEST_F(VirtualTiersTest, MissesArriveFromTheDiskOneBehindTheOther) {
    VirtualTiers tiers = host(20);
    const io::ExpertKey both[] = {kA, kB};
    EXPECT_EQ(tiers.use(both).misses.size(), 2u);
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kA), 1);
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kB), 2);
    tiers.set_time(5);
    EXPECT_EQ(tiers.use(both).hits.size(), 2u);
    EXPECT_EQ(tiers.disk_bytes(), 20u);
}

TEST_F(VirtualTiersTest, ADeviceIsBehindTheLinkAndThatBehindTheDisk) {
    VirtualTiers tiers = device(10, 0, false);
    tiers.use({&kA, 1});
    EXPECT_DOUBLE_EQ(tiers.in_host_at(kA), 1);
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kA), 1.1);
    tiers.set_time(2);
    tiers.use({&kC, 1});
    tiers.set_time(4);
    tiers.use({&kA, 1});  // gone from the device, still in host memory
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kA), 4.1);
    EXPECT_EQ(tiers.disk_bytes(), 20u);
    EXPECT_EQ(tiers.link_bytes(), 30u);
}

TEST_F(VirtualTiersTest, AFilledHostNeedsNoDisk) {
    VirtualTiers tiers = device(10, 0, true);
    tiers.use({&kA, 1});
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kA), 0.1);
    EXPECT_EQ(tiers.disk_bytes(), 0u);
}

TEST_F(VirtualTiersTest, AGuessIsThereWhenItsLayerComes) {
    VirtualTiers tiers = host(20, 10);
    EXPECT_EQ(tiers.guess(kC, GuessTier::top), GuessAnswer::taken);
    EXPECT_EQ(tiers.guess(kC, GuessTier::top), GuessAnswer::present);
    EXPECT_EQ(tiers.guess(kD, GuessTier::top), GuessAnswer::busy);
    EXPECT_EQ(tiers.guess({7, 7}, GuessTier::top), GuessAnswer::unknown);
    tiers.set_time(3);
    EXPECT_EQ(tiers.use({&kC, 1}).misses.size(), 1u);  // a guess changes no hits
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kC), 1);
    EXPECT_EQ(tiers.guesses().useful, 1u);
    EXPECT_EQ(tiers.guesses().late, 0u);
    EXPECT_EQ(tiers.guess(kD, GuessTier::top), GuessAnswer::taken);  // its room is free again
}

TEST_F(VirtualTiersTest, ALateGuessSavesWhatHasMoved) {
    VirtualTiers tiers = host(20, 10);
    tiers.guess(kC, GuessTier::top);
    tiers.set_time(0.75);
    tiers.use({&kC, 1});
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kC), 1);
    EXPECT_EQ(tiers.guesses().late, 1u);
    EXPECT_EQ(tiers.disk_bytes(), 10u);
}

TEST_F(VirtualTiersTest, WrongGuessesGoWithTheirLayer) {
    VirtualTiers tiers = host(20, 10);
    tiers.guess(kC, GuessTier::top);
    tiers.set_time(0.5);
    tiers.use({&kA, 1});
    EXPECT_EQ(tiers.guesses().wasted, 0u);
    tiers.use({&kD, 1});
    EXPECT_EQ(tiers.guesses().wasted, 1u);
    EXPECT_EQ(tiers.guess(kC, GuessTier::top), GuessAnswer::taken);
}

TEST_F(VirtualTiersTest, GuessesForADeviceGoThroughHostMemory) {
    VirtualTiers tiers = device(10, 10, false);
    EXPECT_EQ(tiers.guess(kC, GuessTier::host), GuessAnswer::taken);
    EXPECT_EQ(tiers.guess(kC, GuessTier::host), GuessAnswer::present);
    EXPECT_EQ(tiers.guess(kC, GuessTier::top), GuessAnswer::taken);
    tiers.set_time(2);
    tiers.set_time(3);
    tiers.use({&kC, 1});
    EXPECT_LE(tiers.arrives_at(kC), 3);
    EXPECT_EQ(tiers.disk_bytes(), 10u);
    EXPECT_EQ(tiers.link_bytes(), 10u);
}

TEST_F(VirtualTiersTest, WithdrawnGuessesMoveNothing) {
    VirtualTiers tiers = host(20, 20);
    tiers.guess(kC, GuessTier::top);
    tiers.guess(kD, GuessTier::top);
    tiers.set_time(0.5);
    tiers.withdraw(kC);  // under way: too late
    tiers.withdraw(kD);
    tiers.set_time(9);
    EXPECT_EQ(tiers.disk_bytes(), 10u);
    EXPECT_EQ(tiers.guesses().issued, 1u);
    EXPECT_EQ(tiers.guess(kD, GuessTier::top), GuessAnswer::taken);
}

TEST_F(VirtualTiersTest, ExclusiveTiersReadAgainWhatTheDeviceGaveUp) {
    VirtualTiers tiers = make({.top = {.budget_bytes = 10},
                               .host = cache::ResidencySettings{.budget_bytes = 20},
                               .inclusion = cache::Inclusion::exclusive});
    for (const io::ExpertKey key : {kA, kC, kA}) tiers.use({&key, 1});
    EXPECT_EQ(tiers.disk_bytes(), 30u);
}

TEST_F(VirtualTiersTest, TheCpuComputesWhatIsOnItsWay) {
    VirtualTiers tiers = make({.top = {.budget_bytes = 20},
                               .host = cache::ResidencySettings{.budget_bytes = 40},
                               .host_is_filled = true,
                               .miss = cache::MissRule::cpu,
                               .cpu_bytes_per_s = 50});
    tiers.use({&kA, 1});
    EXPECT_EQ(tiers.on_cpu().size(), 1u);
    tiers.set_time(0.05);
    EXPECT_EQ(tiers.use({&kA, 1}).hits.size(), 1u);
    EXPECT_EQ(tiers.on_cpu().size(), 1u) << "half of its copy is missing";
    tiers.set_time(0.2);
    tiers.use({&kA, 1});
    EXPECT_TRUE(tiers.on_cpu().empty());
    EXPECT_DOUBLE_EQ(tiers.arrives_at(kA), 0.1);
    EXPECT_EQ(tiers.link_bytes(), 10u);
}

}  // namespace
}  // namespace greenroom::runtime
