#include "prefetch/routing_record.hpp"

#include <gtest/gtest.h>

namespace greenroom::prefetch {
namespace {

using Experts = std::vector<std::uint16_t>;

Experts find(const RoutingRecord& record, Moment at) {
    const auto found = record.find(at);
    return {found.begin(), found.end()};
}

TEST(RoutingRecord, FindsWhatWasAdded) {
    RoutingRecord record;
    record.add({.at = {5, 0}, .experts = Experts{3, 1}});
    record.add({.at = {5, 1}, .experts = Experts{2, 0}});
    EXPECT_EQ(find(record, {5, 0}), (Experts{3, 1}));
    EXPECT_EQ(find(record, {5, 1}), (Experts{2, 0}));
    EXPECT_TRUE(record.find({5, 2}).empty());
    EXPECT_TRUE(record.find({4, 0}).empty());
    EXPECT_EQ(record.size(), 2u);
}

TEST(RoutingRecord, KeepsTheLastOfAMomentRecordedTwice) {
    RoutingRecord record;
    record.add({.at = {5, 0}, .experts = Experts{3, 1}});
    record.add({.at = {5, 0}, .experts = Experts{4}});
    EXPECT_EQ(find(record, {5, 0}), Experts{4});
}

TEST(RoutingRecord, TakesNoMemoryForStepsThatAreNotThere) {
    RoutingRecord record;
    record.add({.at = {UINT32_MAX, UINT16_MAX}, .experts = Experts{9}});
    EXPECT_EQ(find(record, {UINT32_MAX, UINT16_MAX}), Experts{9});
}

}  // namespace
}  // namespace greenroom::prefetch
