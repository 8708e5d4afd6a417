#include "cache/tiers/slot_sizes.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

ExpertHome home(std::uint64_t bytes) {
    ExpertHome out;
    out.gate.range = {0, 0, bytes};
    return out;
}

TEST(SlotSizes, ExpertsOfNearlyTheSameSizeShareOne) {
    const SlotSizes sizes = slot_sizes({{home(420'000), home(500'000)}, {}, {home(100'000)}});
    const std::uint64_t large = slot_layout(home(500'000)).bytes;
    const std::uint64_t small = slot_layout(home(100'000)).bytes;
    EXPECT_EQ(*sizes.bytes.find({0, 0}), large);
    EXPECT_EQ(*sizes.bytes.find({0, 1}), large);
    EXPECT_EQ(*sizes.bytes.find({2, 0}), small);
    EXPECT_EQ(sizes.largest, large);
    EXPECT_EQ(sizes.smallest, small);
    EXPECT_EQ(sizes.total, 2 * large + small);
    EXPECT_EQ(sizes.total_experts, 1'020'000u);
}

TEST(SlotSizes, NoSlotIsMoreThanAQuarterLargerThanItsExpertNeeds) {
    ExpertHomes homes(1);
    for (std::uint64_t bytes = 4096; bytes < 4'000'000; bytes += bytes / 9) {
        homes[0].push_back(home(bytes));
    }
    const SlotSizes sizes = slot_sizes(homes);
    for (std::uint16_t e = 0; e < homes[0].size(); ++e) {
        const std::uint64_t needed = slot_layout(homes[0][e]).bytes;
        EXPECT_GE(*sizes.bytes.find({0, e}), needed);
        EXPECT_LE(*sizes.bytes.find({0, e}), needed + needed / 4);
    }
    EXPECT_GT(sizes.waste(), 0);
    EXPECT_LT(sizes.waste(), 0.2);
}

TEST(SlotSizes, AModelWithoutExpertsNeedsNone) {
    const SlotSizes sizes = slot_sizes({{}, {}});
    EXPECT_EQ(sizes.total, 0u);
    EXPECT_EQ(sizes.waste(), 0);
}

}  // namespace
}  // namespace greenroom::cache
