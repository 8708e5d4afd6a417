#include "runtime/text/merge_table.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::merges_of;
using tests::normal_tokens;
using tests::vocabulary_of;

TEST(MergeTable, FindsMergesWithTheirRank) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a", "b", "ab", "ba"}));
    const MergeTable table = merges_of(v, {"b a", "a b"});
    ASSERT_NE(table.find(0, 1), nullptr);
    EXPECT_EQ(table.find(0, 1)->rank, 1u);
    EXPECT_EQ(table.find(0, 1)->result, 2);
    EXPECT_EQ(table.find(1, 0)->rank, 0u);
    EXPECT_EQ(table.find(0, 0), nullptr);
    EXPECT_EQ(table.find(2, 1), nullptr);
    EXPECT_EQ(table.n_left_out(), 0u);
}

TEST(MergeTable, MayBeEmpty) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a"}));
    EXPECT_EQ(merges_of(v, {}).find(0, 0), nullptr);
}

TEST(MergeTable, ATokenMayStartWithASpace) {
    EXPECT_EQ(split_merge("  a")->left, " ");
    EXPECT_EQ(split_merge("  a")->right, "a");
    EXPECT_EQ(split_merge("a b c")->right, "b c");
}

TEST(MergeTable, Hazard069_MalformedMerges) {
    for (const char* text : {"", " ", "a", "a ", " a", "ab"}) {
        EXPECT_FALSE(split_merge(text)) << text;
    }
}

TEST(MergeTable, Hazard069_UnknownTokensAreLeftOut) {
    std::vector<Token> tokens = normal_tokens({"a", "b", "ab"});
    tokens.push_back(tests::control("aa"));
    const Vocabulary v = vocabulary_of(std::move(tokens));
    const MergeTable table = merges_of(v, {"a c", "c b", "b b", "a a", "a b"});
    EXPECT_EQ(table.n_left_out(), 4u);
    EXPECT_EQ(table.find(0, 1)->rank, 4u);
    EXPECT_EQ(table.find(0, 0), nullptr);
}

TEST(MergeTable, Hazard069_AMillionTimesTheSameMerge) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a", "b", "ab"}));
    const std::vector<MergeSides> sides(1'000'000, MergeSides{"a", "b"});
    EXPECT_EQ(MergeTable(v, sides).find(0, 1)->rank, 0u);
}

}  // namespace
}  // namespace greenroom::runtime
