#include "runtime/generate/overlap.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace greenroom::runtime {
namespace {

using Ids = std::vector<TokenId>;

std::size_t overlap(const Ids& a, const Ids& b) {
    return suffix_prefix_overlap(a, b);
}

std::size_t overlap_by_trial(const Ids& a, const Ids& b) {
    for (std::size_t n = std::min(a.size(), b.size()); n > 0; --n) {
        if (std::equal(a.end() - static_cast<std::ptrdiff_t>(n), a.end(), b.begin())) return n;
    }
    return 0;
}

TEST(Overlap, FindsTheLongestEndThatIsABeginning) {
    EXPECT_EQ(overlap({1, 2, 3, 4}, {3, 4, 5}), 2u);
    EXPECT_EQ(overlap({1, 2, 3}, {1, 2, 3}), 3u);
    EXPECT_EQ(overlap({1, 2, 3}, {2, 3}), 2u);
    EXPECT_EQ(overlap({3, 4}, {1, 2, 3, 4}), 0u);
    EXPECT_EQ(overlap({1, 1, 1}, {1, 1, 1, 1, 2}), 3u);
    EXPECT_EQ(overlap({}, {1}), 0u);
    EXPECT_EQ(overlap({1}, {}), 0u);
}

TEST(Overlap, AgreesWithTryingEveryLength) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        std::mt19937_64 random(seed);
        Ids a(random() % 12), b(random() % 12);
        for (TokenId& id : a) id = static_cast<TokenId>(random() % 2);
        for (TokenId& id : b) id = static_cast<TokenId>(random() % 2);
        EXPECT_EQ(overlap(a, b), overlap_by_trial(a, b));
    }
}

TEST(Overlap, IsLinear) {
    const Ids a(2'000'000, 1);
    Ids b = a;
    b.back() = 2;
    EXPECT_EQ(overlap(a, b), a.size() - 1);
}

}  // namespace
}  // namespace greenroom::runtime
