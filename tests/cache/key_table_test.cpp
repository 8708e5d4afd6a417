#include "cache/key_table.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

TEST(KeyTable, HoldsAValueForEachKey) {
    KeyTable<int> table;
    table[{2, 5}] = 7;
    table[{0, 1}] = 3;
    EXPECT_EQ((table[{2, 5}]), 7);
    EXPECT_EQ((*table.find({0, 1})), 3);
    EXPECT_EQ((table[{2, 4}]), 0);
}

TEST(KeyTable, FindsNothingBeyondWhatWasWritten) {
    KeyTable<int> table;
    table[{1, 1}] = 1;
    EXPECT_EQ((table.find({1, 2})), nullptr);
    EXPECT_EQ((table.find({2, 0})), nullptr);
}

}  // namespace
}  // namespace greenroom::cache
