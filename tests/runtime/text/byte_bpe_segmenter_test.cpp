#include "runtime/text/byte_bpe_segmenter.hpp"

#include <gtest/gtest.h>

#include "runtime/text/byte_level.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"
#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

// All bytes but '!', and some words.
Vocabulary vocabulary() {
    std::vector<Token> tokens;
    for (unsigned b = 0; b < 256; ++b) {
        if (b != '!') {
            tokens.push_back(
                tests::token(std::string(level_of_byte(static_cast<std::uint8_t>(b)))));
        }
    }
    for (const char* text : {"ab", "Ġa", "Ġab", "abc", "Ã©"}) tokens.push_back(tests::token(text));
    tokens.push_back(tests::control("bc"));
    return tests::vocabulary_of(std::move(tokens));
}

std::string pieces(std::string_view text, ByteBpeOptions options = {}) {
    const Vocabulary v = vocabulary();
    const ByteBpeSegmenter segmenter(
        v, tests::merges_of(v, {"a b", "Ġ a", "Ġ ab", "Ã ©", "b c"}), std::move(options));
    std::vector<TokenId> ids;
    segmenter.append(text, ids);
    return tests::texts_of(v, ids);
}

TEST(ByteBpeSegmenter, MergesInsideWords) {
    EXPECT_EQ(pieces("ab ab"), "ab|Ġab");
    EXPECT_EQ(pieces("a b ab", {.rules = {gpt2_words}}), "a|Ġ|b|Ġab");
    EXPECT_EQ(pieces("é", {.rules = {gpt2_words}}), "Ã©");
}

TEST(ByteBpeSegmenter, LeavesBytesWithoutATokenOut) {
    EXPECT_EQ(pieces("a!b"), "a|b");
}

TEST(ByteBpeSegmenter, KeepsWholeWordsWhereAsked) {
    EXPECT_EQ(pieces("abc", {.rules = {gpt2_words}}), "ab|c");
    EXPECT_EQ(pieces("abc", {.rules = {gpt2_words}, .ignores_merges = true}), "abc");
}

TEST(ByteBpeSegmenter, ComposesWhereAsked) {
    EXPECT_EQ(pieces("e\u0301", {.rules = {gpt2_words}}), "e|Ì|ģ");
    EXPECT_EQ(pieces("e\u0301", {.rules = {gpt2_words}, .composes = true}), "Ã©");
}

TEST(ByteBpeSegmenter, Hazard077_BadBytesAreReplaced) {
    EXPECT_EQ(pieces("\xFF"), "ï|¿|½");
}

TEST(ByteBpeSegmenter, Hazard077_TextNeverMergesIntoAControlToken) {
    EXPECT_EQ(pieces("bc"), "b|c");
    EXPECT_EQ(pieces("bc", {.ignores_merges = true}), "b|c");
}

TEST(ByteBpeSegmenter, Hazard077_EndlessWords) {
    const Vocabulary v = vocabulary();
    const ByteBpeSegmenter segmenter(v, tests::merges_of(v, {"a b"}), {.rules = {gpt2_words}});
    std::string emoji;
    while (emoji.size() < 10'000'000) emoji += "🙂👍🏽";
    std::vector<TokenId> ids;
    segmenter.append(emoji, ids);
    EXPECT_EQ(ids.size(), emoji.size());
    ids.clear();
    segmenter.append(std::string(1'000'000, 'a'), ids);
    EXPECT_EQ(ids.size(), 1'000'000u);
}

}  // namespace
}  // namespace greenroom::runtime
