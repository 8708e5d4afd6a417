#include "kernels/best_tokens.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace greenroom::kernels {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Best {
    std::vector<std::int32_t> ids;
    std::vector<float> values;
};

Best best_of(const std::vector<float>& logits, int k) {
    const auto n = static_cast<std::size_t>(k);
    Best out{std::vector<std::int32_t>(n), std::vector<float>(n)};
    run_on_cpu(BestTokens{
        logits.data(), out.ids.data(), out.values.data(), static_cast<int>(logits.size()), k});
    return out;
}

TEST(BestTokens, ComeLargestFirst) {
    const Best best = best_of({1, 4, 2, 9, -3}, 3);
    EXPECT_EQ(best.ids, (std::vector<std::int32_t>{3, 1, 2}));
    EXPECT_EQ(best.values, (std::vector<float>{9, 4, 2}));
    EXPECT_EQ(best_of({1, 4, 2, 9, -3}, 1).ids, std::vector<std::int32_t>{3});
}

TEST(BestTokens, TiesGoToTheLowerId) {
    EXPECT_EQ(best_of({0, 7, 7, -0.0F, 7}, 5).ids, (std::vector<std::int32_t>{1, 2, 4, 0, 3}));
}

TEST(BestTokens, NansRankBelowEveryNumber) {
    const Best best = best_of({kNan, -kInf, kNan, kInf, 0}, 5);
    EXPECT_EQ(best.ids, (std::vector<std::int32_t>{3, 4, 1, 0, 2}));
    EXPECT_TRUE(std::isnan(best.values[3]));
    EXPECT_EQ(best_of({kNan, kNan}, 1).ids, std::vector<std::int32_t>{0});
}

}  // namespace
}  // namespace greenroom::kernels
