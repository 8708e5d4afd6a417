#include "cli/signals.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace greenroom::cli {
namespace {

constexpr int kLongest_ms = 60'000;

bool appears(Notice& notice) {
    pollfd fd = {notice.descriptor(), POLLIN, 0};
    return poll(&fd, 1, kLongest_ms) == 1;
}

TEST(Notice, IsTakenOnce) {
    Notice notice;
    EXPECT_FALSE(notice.take());
    notice.give();
    notice.give();
    EXPECT_TRUE(notice.take());
    EXPECT_FALSE(notice.take());
}

TEST(Signals, Hazard162_AnInterruptStopsTheWorkAtHand) {
    Signals signals;
    const auto before = signals.begin_work(Signals::SecondInterrupt::waits);
    const auto now = signals.begin_work(Signals::SecondInterrupt::waits);
    kill(getpid(), SIGINT);
    ASSERT_TRUE(appears(signals.interrupted()));
    EXPECT_TRUE(now.stop_requested());
    EXPECT_FALSE(before.stop_requested());
}

TEST(Signals, Hazard162_WorkThatBeginsAfterAnInterruptGoesOn) {
    Signals signals;
    signals.begin_work(Signals::SecondInterrupt::waits);
    kill(getpid(), SIGINT);
    ASSERT_TRUE(appears(signals.interrupted()));
    EXPECT_FALSE(signals.begin_work(Signals::SecondInterrupt::waits).stop_requested());
}

TEST(Signals, ASecondInterruptMayWait) {
    Signals signals;
    const auto work = signals.begin_work(Signals::SecondInterrupt::waits);
    for (int i = 0; i < 2; ++i) {
        kill(getpid(), SIGINT);
        ASSERT_TRUE(appears(signals.interrupted()));
        EXPECT_TRUE(signals.interrupted().take());
    }
    EXPECT_TRUE(work.stop_requested());
}

TEST(SignalsDeathTest, Hazard162_ASecondInterruptEndsWorkThatDoesNotStop) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto press_twice = [] {
        Signals signals;
        signals.begin_work(Signals::SecondInterrupt::ends_program);
        for (int i = 0; i < 2; ++i) {
            kill(getpid(), SIGINT);
            if (appears(signals.interrupted())) signals.interrupted().take();
        }
    };
    EXPECT_EXIT(press_twice(), testing::ExitedWithCode(130), "");
}

TEST(Signals, ASecondInterruptOnlyWaitsOnceTheWorkHasEnded) {
    Signals signals;
    signals.begin_work(Signals::SecondInterrupt::ends_program);
    signals.end_work();
    for (int i = 0; i < 3; ++i) {
        kill(getpid(), SIGINT);
        ASSERT_TRUE(appears(signals.interrupted()));
        EXPECT_TRUE(signals.interrupted().take());
    }
}

TEST(Signals, AnInterruptThatStoppedTheWorkIsNotedByItsEnd) {
    Signals signals;
    for (int i = 0; i < 200; ++i) {
        const auto work = signals.begin_work(Signals::SecondInterrupt::waits);
        kill(getpid(), SIGINT);
        while (!work.stop_requested()) {
        }
        signals.end_work();
        ASSERT_TRUE(signals.interrupted().take()) << i;
    }
}

TEST(Signals, StopsWorkForTheProgramsOwnReasons) {
    Signals signals;
    const auto work = signals.begin_work(Signals::SecondInterrupt::waits);
    signals.stop_work();
    EXPECT_TRUE(work.stop_requested());
    EXPECT_FALSE(signals.interrupted().take());
}

TEST(Signals, Hazard162_TellsOfAResizedWindowAndOfGoingOn) {
    Signals signals;
    kill(getpid(), SIGWINCH);
    EXPECT_TRUE(appears(signals.resized()));
    EXPECT_FALSE(signals.continued().take());
    kill(getpid(), SIGCONT);
    EXPECT_TRUE(appears(signals.continued()));
}

TEST(SignalsDeathTest, InterruptsEndTheProgramAgainAfterwards) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            { const Signals signals; }
            raise(SIGINT);
        },
        testing::KilledBySignal(SIGINT),
        "");
    EXPECT_EXIT(
        {
            const Signals signals;
            end_by_interrupt();
        },
        testing::KilledBySignal(SIGINT),
        "");
}

}  // namespace
}  // namespace greenroom::cli
