#include "kernels/wait_word.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace greenroom::kernels {
namespace {

TEST(WaitWord, ReturnsAtOnceWhereTheValueIsAnother) {
    WaitWord word;
    word.store(7);
    word.wait_while(6);
    EXPECT_EQ(word.load(), 7);
}

TEST(WaitWord, AddGivesTheNewValue) {
    WaitWord word;
    EXPECT_EQ(word.add(3), 3);
    EXPECT_EQ(word.add(-1), 2);
}

// Two threads pass a number to and fro: each waits, spinning or asleep, for the other.
TEST(WaitWord, MissesNoWake) {
    constexpr int kRounds = 20000;
    WaitWord word;
    std::jthread other([&word] {
        for (int round = 0; round < kRounds; ++round) {
            word.wait_while(2 * round);
            word.add(1);
            word.wake();
        }
    });
    for (int round = 0; round < kRounds; ++round) {
        word.add(1);
        word.wake();
        word.wait_while(2 * round + 1);
    }
    EXPECT_EQ(word.load(), 2 * kRounds);
}

TEST(WaitWord, WakesAllThatSleep) {
    WaitWord word;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&word] { word.wait_while(0); });
    }
    word.store(1);
    word.wake();
    threads.clear();  // joins them
    EXPECT_EQ(word.load(), 1);
}

}  // namespace
}  // namespace greenroom::kernels
