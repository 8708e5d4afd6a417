#include "runtime/text/spm_segmenter.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::normal_tokens;
using tests::vocabulary_of;

std::string pieces(const Vocabulary& vocabulary,
                   std::string_view text,
                   std::optional<TokenId> unknown = {}) {
    std::vector<TokenId> ids;
    SpmSegmenter(vocabulary, unknown).append(text, ids);
    return tests::texts_of(vocabulary, ids);
}

TEST(SpmSegmenter, MergesTheBestScoreFirst) {
    EXPECT_EQ(pieces(vocabulary_of(normal_tokens({"ab", "bc", "a", "b", "c"})), "abc"), "ab|c");
    EXPECT_EQ(pieces(vocabulary_of(normal_tokens({"bc", "ab", "a", "b", "c"})), "abc"), "a|bc");
}

TEST(SpmSegmenter, MergesTheLeftmostOfEqualScores) {
    const Vocabulary v = vocabulary_of({tests::token("aa"), tests::token("a")});
    EXPECT_EQ(pieces(v, "aaaaa"), "aa|aa|a");
}

TEST(SpmSegmenter, ReachesNoPieceWithoutItsHalves) {
    EXPECT_EQ(pieces(vocabulary_of(normal_tokens({"abc", "a", "b", "c"})), "abc"), "a|b|c");
}

TEST(SpmSegmenter, MarksSpaces) {
    const Vocabulary v = vocabulary_of(normal_tokens({"▁a", "▁▁", "▁", "a"}));
    EXPECT_EQ(pieces(v, " a   a"), "▁a|▁▁|▁a");
}

TEST(SpmSegmenter, MergesOverWordsWhereAPieceDoes) {
    const Vocabulary v = vocabulary_of(normal_tokens({"a▁b", "a▁", "▁", "a", "b"}));
    EXPECT_EQ(pieces(v, "a b"), "a▁b");
}

TEST(SpmSegmenter, FallsBackToBytes) {
    std::vector<Token> tokens = tests::byte_tokens();
    tokens.push_back(tests::token("a"));
    const Vocabulary v = vocabulary_of(std::move(tokens));
    EXPECT_EQ(pieces(v, "aéa"), "a|<0xC3>|<0xA9>|a");
    EXPECT_EQ(pieces(v, std::string_view("\0\xFF", 2)), "<0x00>|<0xFF>");
}

TEST(SpmSegmenter, SaysUnknownOnceInARow) {
    const Vocabulary v =
        vocabulary_of({tests::token("<unk>", TokenType::unknown), tests::token("a")});
    EXPECT_EQ(pieces(v, "béab", 0), "<unk>|a|<unk>");
    EXPECT_EQ(pieces(v, "béab"), "a");
}

TEST(SpmSegmenter, Hazard077_TextNeverMergesIntoAControlToken) {
    std::vector<Token> tokens = normal_tokens({"<s", "<", "s", ">"});
    tokens.push_back(tests::control("<s>"));
    tokens.back().score = 100;
    EXPECT_EQ(pieces(vocabulary_of(std::move(tokens)), "<s>"), "<s|>");
}

TEST(SpmSegmenter, Hazard077_EndlessWords) {
    const Vocabulary v = vocabulary_of(normal_tokens({"aaaa", "aa", "a", "▁▁▁▁", "▁▁", "▁"}));
    std::vector<TokenId> ids;
    SpmSegmenter segmenter(v, {});
    segmenter.append(std::string(1'000'000, 'a'), ids);
    EXPECT_EQ(ids.size(), 250'000u);
    ids.clear();
    segmenter.append(std::string(1'000'000, ' '), ids);
    EXPECT_EQ(ids.size(), 250'000u);
}

TEST(SpmSegmenter, Hazard073_TokensThatOverlapThemselves) {
    std::vector<Token> tokens;
    for (std::size_t length = 1; length <= 1024; ++length) {
        tokens.push_back(tests::token(std::string(length, 'a')));
    }
    const Vocabulary v = vocabulary_of(std::move(tokens));
    std::vector<TokenId> ids;
    SpmSegmenter(v, {}).append(std::string(100'000, 'a'), ids);
    std::size_t bytes = 0;
    for (const TokenId id : ids) bytes += v[id].text.size();
    EXPECT_EQ(bytes, 100'000u);
}

}  // namespace
}  // namespace greenroom::runtime
