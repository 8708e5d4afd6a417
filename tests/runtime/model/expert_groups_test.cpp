#include "runtime/model/expert_groups.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

namespace greenroom::runtime {
namespace {

std::vector<std::int32_t> first(std::span<const std::int32_t> values, std::size_t n) {
    return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)};
}

TEST(ExpertGroups, RowsOfAnExpertAreNeighboursInTokenOrder) {
    ExpertGroups groups(4, 2, 8);
    const std::vector<std::int32_t> experts = {3, 1, 1, 0, 3, 0};
    groups.sort(5, experts);
    EXPECT_EQ(groups.n_rows(0), 2);
    EXPECT_EQ(groups.n_rows(1), 2);
    EXPECT_EQ(groups.n_rows(2), 0);
    EXPECT_EQ(groups.first_row(3), 4);
    EXPECT_EQ(first(groups.token_of(), 6), (std::vector<std::int32_t>{1, 2, 0, 1, 0, 2}));
    EXPECT_EQ(first(groups.row_of(), 6), (std::vector<std::int32_t>{4, 2, 3, 0, 5, 1}));
}

TEST(ExpertGroups, KeysAreInOrderOfLastUse) {
    ExpertGroups groups(4, 2, 8);
    groups.sort(5, std::vector<std::int32_t>{3, 1, 1, 0, 3, 0});
    const std::vector<io::ExpertKey> expected = {{5, 1}, {5, 3}, {5, 0}};
    EXPECT_TRUE(std::ranges::equal(groups.keys(), expected));
}

TEST(ExpertGroups, ForgetTheLastBatch) {
    ExpertGroups groups(3, 1, 4);
    groups.sort(0, std::vector<std::int32_t>{0, 1, 2, 1});
    groups.sort(1, std::vector<std::int32_t>{2});
    EXPECT_EQ(groups.n_rows(1), 0);
    EXPECT_EQ(groups.first_row(2), 0);
    ASSERT_EQ(groups.keys().size(), 1u);
    EXPECT_EQ(groups.keys()[0], (io::ExpertKey{1, 2}));
}

}  // namespace
}  // namespace greenroom::runtime
