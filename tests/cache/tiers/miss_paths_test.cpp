#include "cache/tiers/miss_paths.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr std::uint64_t kExpert = 1'000'000;
// One expert in a millisecond, and in three.
constexpr Work kFast = {kExpert, 0.001}, kSlow = {kExpert, 0.003};

int n_fetched(MissPaths& paths, int n_misses) {
    int n = 0;
    for (int i = 0; i < n_misses; ++i) n += paths.choose(kExpert) == MissPath::fetch ? 1 : 0;
    return n;
}

TEST(MissPaths, FetchAndCpuKnowOneWayOnly) {
    MissPaths fetch(MissRule::fetch), cpu(MissRule::cpu);
    for (MissPaths* paths : {&fetch, &cpu}) paths->begin_event(kSlow, kFast);
    EXPECT_EQ(n_fetched(fetch, 8), 8);
    EXPECT_EQ(n_fetched(cpu, 8), 0);
}

TEST(MissPaths, SplitGivesEachWayWhatItsSpeedAllows) {
    for (const auto& [link, cpu, expected] :
         {std::tuple(kFast, kFast, 4), std::tuple(kFast, kSlow, 6), std::tuple(kSlow, kFast, 2)}) {
        MissPaths paths(MissRule::split);
        paths.begin_event(link, cpu);
        EXPECT_EQ(n_fetched(paths, 8), expected);
    }
}

TEST(MissPaths, ASingleMissGoesTheFasterWay) {
    MissPaths paths(MissRule::split);
    paths.begin_event(kFast, kSlow);
    EXPECT_EQ(paths.choose(kExpert), MissPath::fetch);
    paths.begin_event({}, {2 * kExpert, 0.0001});
    paths.begin_event({}, {});
    EXPECT_EQ(paths.choose(kExpert), MissPath::cpu);
}

TEST(MissPaths, EveryEventBeginsWithBothIdle) {
    MissPaths paths(MissRule::split);
    for (int event = 0; event < 5; ++event) {
        paths.begin_event(kFast, kSlow);
        EXPECT_EQ(n_fetched(paths, 4), 3);
    }
}

TEST(MissPaths, WhatNobodyKnowsIsTried) {
    MissPaths paths(MissRule::split);
    paths.begin_event({}, {});
    EXPECT_EQ(n_fetched(paths, 4), 0);
    paths.begin_event({}, kFast);
    EXPECT_EQ(n_fetched(paths, 4), 4);
}

TEST(Speed, EarlierEventsWeighLess) {
    Speed speed;
    speed.measure(kSlow);
    for (int i = 0; i < 50; ++i) speed.measure(kFast);
    // Each event leaves four fifths of what came before.
    EXPECT_NEAR(speed.seconds_for(kExpert), 0.001, 1e-6);
    speed.measure({});
    EXPECT_NEAR(speed.seconds_for(kExpert), 0.001, 1e-6);
}

// Else a CPU that was slow for the many tokens of a prompt would never be asked for one token.
TEST(Speed, WhatWasMeasuredLongAgoIsUnknown) {
    Speed speed;
    EXPECT_EQ(speed.seconds_for(kExpert), 0);
    speed.measure(kSlow);
    for (int i = 0; i < 64; ++i) {
        EXPECT_GT(speed.seconds_for(kExpert), 0);
        speed.measure({});
    }
    speed.measure({});
    EXPECT_EQ(speed.seconds_for(kExpert), 0);
    speed.measure(kFast);
    EXPECT_DOUBLE_EQ(speed.seconds_for(kExpert), 0.001);
}

TEST(Speed, WorkThatTookNoTimeSaysNothing) {
    Speed speed;
    speed.measure({kExpert, 0});
    EXPECT_EQ(speed.seconds_for(kExpert), 0);
}

}  // namespace
}  // namespace greenroom::cache
