#include "runtime/text/bpe_merger.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::merges_of;
using tests::normal_tokens;
using tests::vocabulary_of;

// The definition: find the pair of the lowest rank, the leftmost of them, merge, start over.
std::vector<TokenId> merged_slowly(const MergeTable& merges, std::vector<TokenId> word) {
    for (;;) {
        const Merge* best = nullptr;
        std::size_t at = 0;
        for (std::size_t i = 0; i + 1 < word.size(); ++i) {
            const Merge* merge = merges.find(word[i], word[i + 1]);
            if (merge == nullptr || (best != nullptr && best->rank <= merge->rank)) continue;
            best = merge;
            at = i;
        }
        if (best == nullptr) return word;
        word[at] = best->result;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
}

TEST(BpeMerger, MergesTheLowestRankFirst) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a", "b", "c", "ab", "bc", "abc"}));
    const MergeTable merges = merges_of(v, {"b c", "a b", "a bc"});
    std::vector<TokenId> word = {0, 1, 2};
    BpeMerger(merges).merge(word);
    EXPECT_EQ(tests::texts_of(v, word), "abc");
}

TEST(BpeMerger, NeverMergesNegativeIds) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a", "aa"}));
    const MergeTable merges = merges_of(v, {"a a"});
    std::vector<TokenId> word = {0, -1, 0, 0, -1, -1};
    BpeMerger(merges).merge(word);
    EXPECT_EQ(word, (std::vector<TokenId>{0, -1, 1, -1, -1}));
}

TEST(BpeMerger, DoesWhatTheDefinitionSays) {
    const Vocabulary v = vocabulary_of(
        normal_tokens({"a", "b", "aa", "ab", "ba", "bb", "aab", "abab", "aaaa", "bba", "babab"}));
    const MergeTable merges = merges_of(
        v, {"b a", "a a", "aa b", "a b", "ab ab", "aa aa", "b b", "b ba", "b abab", "bb a"});
    constexpr unsigned kSeed = 1;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    BpeMerger merger(merges);
    for (int i = 0; i < 2000; ++i) {
        std::vector<TokenId> word(random() % 24);
        for (TokenId& id : word) id = static_cast<TokenId>(random() % 2);
        const std::vector<TokenId> expected = merged_slowly(merges, word);
        merger.merge(word);
        EXPECT_EQ(word, expected);
    }
}

}  // namespace
}  // namespace greenroom::runtime
