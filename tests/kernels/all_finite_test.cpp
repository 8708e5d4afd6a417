#include "kernels/all_finite.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace greenroom::kernels {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(AllFinite, TakesEveryFiniteNumber) {
    ThreadPool pool(2);
    constexpr float kLargest = std::numeric_limits<float>::max();
    constexpr float kSmallest = std::numeric_limits<float>::denorm_min();
    const std::vector<float> x = {0.0F, -0.0F, kLargest, -kLargest, kSmallest, 1.0F};
    EXPECT_TRUE(all_finite(x.data(), static_cast<std::int64_t>(x.size()), pool));
    EXPECT_TRUE(all_finite(nullptr, 0, pool));
}

TEST(AllFinite, FindsOneThatIsNotWhereverItLies) {
    ThreadPool pool(3);
    for (const std::size_t n : {1, 15, 16, 33, 40000}) {
        for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
            for (const float bad : {kInf, -kInf, kNan}) {
                std::vector<float> x(n, -3.5F);
                x[at] = bad;
                EXPECT_FALSE(all_finite(x.data(), static_cast<std::int64_t>(n), pool))
                    << bad << " at " << at << " of " << n;
            }
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
