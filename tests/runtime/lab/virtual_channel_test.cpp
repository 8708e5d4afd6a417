#include "runtime/lab/virtual_channel.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1};

// Ten bytes a second.
VirtualChannel slow() {
    return VirtualChannel({.bytes_per_s = 10});
}

TEST(VirtualChannel, CarriesDemandsOneBehindTheOther) {
    VirtualChannel channel({.bytes_per_s = 10, .latency_s = 1});
    EXPECT_DOUBLE_EQ(channel.demand(5, 5, 20), 8);
    EXPECT_DOUBLE_EQ(channel.demand(5, 5, 10), 10);
    EXPECT_DOUBLE_EQ(channel.demand(20, 30, 10), 32);  // its bytes are not there before
    EXPECT_EQ(channel.bytes_carried(), 40u);
}

TEST(VirtualChannel, CarriesGuessesInTheTimeBetween) {
    VirtualChannel channel = slow();
    channel.guess(0, kA, 0, 30);
    EXPECT_TRUE(channel.advance(2).empty());
    EXPECT_DOUBLE_EQ(channel.demand(2, 2, 10), 3);  // a demand does not wait for it
    ASSERT_EQ(channel.advance(10).size(), 1u);
    channel.guess(10, kB, 10, 10);
    const auto& arrived = channel.advance(20);
    ASSERT_EQ(arrived.size(), 1u);
    EXPECT_EQ(arrived[0].key, kB);
    EXPECT_DOUBLE_EQ(arrived[0].at, 11);
}

TEST(VirtualChannel, AGuessThatIsInterruptedGoesOnWhereItWas) {
    VirtualChannel channel = slow();
    channel.guess(0, kA, 0, 30);
    channel.demand(2, 2, 10);
    const auto& arrived = channel.advance(10);
    ASSERT_EQ(arrived.size(), 1u);
    EXPECT_DOUBLE_EQ(arrived[0].at, 4);  // two seconds, one for the demand, and one
}

TEST(VirtualChannel, AGuessThatIsDemandedTakesWhatIsLeftOfIt) {
    VirtualChannel channel = slow();
    channel.guess(0, kA, 0, 30);
    channel.guess(0, kB, 0, 10);
    EXPECT_DOUBLE_EQ(channel.promote(2, 2, kB), 3);
    EXPECT_DOUBLE_EQ(channel.promote(2, 2, kA), 4);
    EXPECT_EQ(channel.bytes_carried(), 40u);
}

TEST(VirtualChannel, AGuessWaitsForItsBytes) {
    VirtualChannel channel = slow();
    channel.guess(0, kA, kNever, 10);
    channel.guess(0, kB, 0, 10);
    ASSERT_EQ(channel.advance(5).size(), 1u);
    channel.start(kA, 7);
    const auto& arrived = channel.advance(20);
    ASSERT_EQ(arrived.size(), 1u);
    EXPECT_DOUBLE_EQ(arrived[0].at, 8);
}

TEST(VirtualChannel, OnlyWhatHasNotMovedIsTakenBack) {
    VirtualChannel channel = slow();
    channel.guess(0, kA, 0, 10);
    channel.guess(0, kB, 0, 10);
    channel.advance(0.5);
    EXPECT_FALSE(channel.withdraw(kA));
    EXPECT_TRUE(channel.withdraw(kB));
    EXPECT_FALSE(channel.withdraw(kB));
    EXPECT_EQ(channel.bytes_carried(), 10u);
}

}  // namespace
}  // namespace greenroom::runtime
