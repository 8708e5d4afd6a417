#include "runtime/text/character_bpe_segmenter.hpp"

#include <gtest/gtest.h>

#include "runtime/text/pretokenize/plain_words.hpp"
#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

std::string pieces(std::vector<Token> tokens,
                   const std::vector<std::string_view>& merges,
                   std::string_view text,
                   CharacterBpeOptions options = {}) {
    const Vocabulary v = tests::vocabulary_of(std::move(tokens));
    const CharacterBpeSegmenter segmenter(v, tests::merges_of(v, merges), std::move(options));
    std::vector<TokenId> ids;
    segmenter.append(text, ids);
    return tests::texts_of(v, ids);
}

TEST(CharacterBpeSegmenter, MergesMarkedCharacters) {
    const auto tokens = tests::normal_tokens({"▁", "a", "é", "▁a", "▁aé", "éa"});
    EXPECT_EQ(pieces(tokens, {"▁ a", "▁a é", "é a"}, " aéa aa"), "▁aé|a|▁a|a");
}

TEST(CharacterBpeSegmenter, MergesOverWordsWhereATokenDoes) {
    EXPECT_EQ(pieces(tests::normal_tokens({"▁", "a", "a▁", "a▁a"}), {"a ▁", "a▁ a"}, "a a"), "a▁a");
}

TEST(CharacterBpeSegmenter, FallsBackToBytes) {
    EXPECT_EQ(pieces(tests::byte_tokens(), {}, "é\xFF"), "<0xC3>|<0xA9>|<0xFF>");
}

TEST(CharacterBpeSegmenter, SaysUnknownOnceInARow) {
    const std::vector<Token> tokens = {tests::token("<unk>", TokenType::unknown),
                                       tests::token("a")};
    EXPECT_EQ(pieces(tokens, {}, "ébab", {.unknown = 0}), "<unk>|a|<unk>");
    EXPECT_EQ(pieces(tokens, {}, "éba"), "a");
}

TEST(CharacterBpeSegmenter, CutsByItsRulesFirst) {
    const auto tokens = tests::normal_tokens({"a", "\n", "a\n"});
    EXPECT_EQ(pieces(tokens, {"a \n"}, "a\na"), "a\n|a");
    EXPECT_EQ(pieces(tokens, {"a \n"}, "a\na", {.rules = {lines}}), "a|\n|a");
}

TEST(CharacterBpeSegmenter, KeepsWholeWordsWhereAsked) {
    const auto tokens = tests::normal_tokens({"▁", "a", "b", "▁ab"});
    EXPECT_EQ(pieces(tokens, {}, " ab"), "▁|a|b");
    EXPECT_EQ(pieces(tokens, {}, " ab", {.ignores_merges = true}), "▁ab");
}

}  // namespace
}  // namespace greenroom::runtime
