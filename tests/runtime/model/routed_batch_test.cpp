#include "runtime/model/routed_batch.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::runtime {
namespace {

// Finds experts below 2 resident.
class HalfResident final : public cache::ExpertStore {
 public:
    io::Result<cache::Stages> announce(std::span<const io::ExpertKey>) override {
        return cache::Stages{};
    }
    io::Result<cache::ExpertLease> acquire(io::ExpertKey) override { return io::Error{"no"}; }
    cache::UseOutcome outcome(io::ExpertKey key) const override {
        return key.expert < 2 ? cache::UseOutcome::hit : cache::UseOutcome::miss;
    }

 private:
    void release(io::ExpertKey) override {}
};

TEST(RoutedBatch, TheObserverIsToldOfEveryTokenInOrder) {
    const std::vector<std::int32_t> experts = {3, 1, 0, 2};
    const std::vector<float> weights = {0.75F, 0.25F, 0.5F, 0.5F};
    std::vector<RoutingRow> rows;
    std::vector<std::vector<cache::UseOutcome>> found;
    std::vector<cache::UseOutcome> scratch(2);
    const HalfResident store;
    tell(
        [&](const RoutingRow& row) {
            rows.push_back(row);
            found.emplace_back(row.outcomes.begin(), row.outcomes.end());
        },
        {.layer = 4, .first_position = 10, .n_tokens = 2, .experts = experts, .weights = weights},
        store,
        scratch);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].layer, 4);
    EXPECT_EQ(rows[1].position, 11);
    EXPECT_EQ(rows[1].token, 1);
    EXPECT_EQ(rows[1].n_tokens, 2);
    EXPECT_EQ(rows[1].experts[1], 2);
    EXPECT_EQ(rows[0].weights[0], 0.75F);
    using enum cache::UseOutcome;
    EXPECT_EQ(found[0], (std::vector<cache::UseOutcome>{miss, hit}));
    EXPECT_EQ(found[1], (std::vector<cache::UseOutcome>{hit, miss}));
}

}  // namespace
}  // namespace greenroom::runtime
