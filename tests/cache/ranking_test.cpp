#include "cache/ranking.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

TEST(Ranking, PutsTheLowestRankFirstAndTheSmallerKeyAmongEquals) {
    Ranking<int> ranking;
    ranking.set(kC, 1);
    ranking.set(kB, 1);
    ranking.set(kA, 2);
    EXPECT_EQ(ranking.first_free({}), kB);
    EXPECT_EQ(ranking.first_free({kB}), kC);
    EXPECT_EQ(ranking.first_free({kB, kC}), kA);
    EXPECT_EQ(ranking.first_free({kA, kB, kC}), std::nullopt);
}

TEST(Ranking, MovesAndForgetsKeys) {
    Ranking<int> ranking;
    ranking.set(kA, 1);
    ranking.set(kB, 2);
    ranking.set(kA, 3);
    EXPECT_EQ(ranking.first_free({}), kB);
    ranking.erase(kB);
    ranking.erase(kB);
    EXPECT_EQ(ranking.first_free({}), kA);
    ranking.set(kB, 0);
    EXPECT_EQ(ranking.first_free({}), kB);
}

}  // namespace
}  // namespace greenroom::cache
