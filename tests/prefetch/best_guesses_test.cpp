#include "prefetch/best_guesses.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::prefetch {
namespace {

std::vector<std::uint16_t> best(std::size_t room, std::initializer_list<float> confidences) {
    std::vector<Guess> out(room);
    BestGuesses kept(out);
    std::uint16_t expert = 0;
    for (const float confidence : confidences) kept.offer({expert++, confidence});
    std::vector<std::uint16_t> experts;
    for (std::size_t i = 0; i < kept.size(); ++i) experts.push_back(out[i].expert);
    return experts;
}

TEST(BestGuesses, KeepsTheMostConfidentInOrder) {
    EXPECT_EQ(best(3, {0.1F, 0.5F, 0.3F, 0.4F, 0.2F}), (std::vector<std::uint16_t>{1, 3, 2}));
    EXPECT_EQ(best(3, {0.1F, 0.5F}), (std::vector<std::uint16_t>{1, 0}));
}

TEST(BestGuesses, OfEqualsTheFirstStaysAhead) {
    EXPECT_EQ(best(2, {0.5F, 0.5F, 0.5F}), (std::vector<std::uint16_t>{0, 1}));
}

TEST(BestGuesses, WithoutRoomNothingIsKept) {
    EXPECT_TRUE(best(0, {1, 1}).empty());
}

}  // namespace
}  // namespace greenroom::prefetch
