#include "cache/policies/random.hpp"

#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace greenroom::cache {
namespace {

constexpr std::uint16_t kExperts = 8;

RandomPolicy full(std::uint64_t seed) {
    RandomPolicy policy(seed);
    for (std::uint16_t e = 0; e < kExperts; ++e) policy.on_admit({0, e});
    return policy;
}

// Each victim comes back at once.
std::vector<io::ExpertKey> victims(RandomPolicy policy, int n) {
    std::vector<io::ExpertKey> out;
    for (int i = 0; i < n; ++i) {
        const auto victim = policy.victim({});
        if (!victim) return out;
        out.push_back(*victim);
        policy.on_evict(*victim);
        policy.on_admit(*victim);
    }
    return out;
}

TEST(RandomPolicy, DrawsTheSameFromTheSameSeedOnly) {
    EXPECT_EQ(victims(full(7), 100), victims(full(7), 100));
    EXPECT_NE(victims(full(7), 100), victims(full(8), 100));
}

// 8000 draws of 8: 1000 each, with a standard deviation of sqrt(8000 * 1/8 * 7/8) = 30; six of
// them are room for any seed.
TEST(RandomPolicy, FavoursNobody) {
    std::map<io::ExpertKey, int> count;
    for (const io::ExpertKey key : victims(full(1), 8000)) ++count[key];
    ASSERT_EQ(count.size(), kExperts);
    for (const auto& [key, n] : count) EXPECT_NEAR(n, 1000, 180) << "expert " << key.expert;
}

TEST(RandomPolicy, UsesChangeNothing) {
    RandomPolicy used = full(3);
    for (std::uint16_t e = 0; e < kExperts; ++e) used.on_use({0, e});
    EXPECT_EQ(victims(used, 100), victims(full(3), 100));
}

}  // namespace
}  // namespace greenroom::cache
