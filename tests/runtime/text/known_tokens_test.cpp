#include "runtime/text/known_tokens.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::control;
using tests::token;
using tests::user_defined;
using tests::vocabulary_of;

TEST(KnownTokens, EndsOfATurnAreControlWhateverTheFileSays) {
    std::vector<Token> tokens = {user_defined("</s>"),
                                 user_defined("<｜fim▁hole｜>"),
                                 token("<|im_end|>"),
                                 user_defined("<think>")};
    EXPECT_EQ(correct_token_types(tokens),
              "the file marks as text what is treated as control tokens: </s>, <｜fim▁hole｜>, "
              "<|im_end|>");
    EXPECT_EQ(tokens[0].type, TokenType::control);
    EXPECT_EQ(tokens[1].type, TokenType::control);
    EXPECT_EQ(tokens[2].type, TokenType::control);
    EXPECT_EQ(tokens[3].type, TokenType::user_defined);
}

TEST(KnownTokens, NormalTokensMayBeMarkup) {
    std::vector<Token> tokens = {token("</s>"), token("<PRE>"), control("<|im_end|>")};
    EXPECT_EQ(correct_token_types(tokens), std::nullopt);
    EXPECT_EQ(tokens[0].type, TokenType::normal);
}

TEST(KnownTokens, EndAReplyByName) {
    const Vocabulary v = vocabulary_of(
        {control("<|im_start|>"), control("<|im_end|>"), token("<|eot_id|>"), control("<|end|>")});
    std::vector<TokenId> ends = ends_by_name(v);
    std::ranges::sort(ends);
    EXPECT_EQ(ends, (std::vector<TokenId>{1, 3}));
}

TEST(KnownTokens, AnEndOfAMessageIsNoEndOfAReply) {
    const Vocabulary v =
        vocabulary_of({control("<|end|>"), control("<|return|>"), control("<|call|>")});
    EXPECT_EQ(ends_by_name(v), (std::vector<TokenId>{1, 2}));
}

}  // namespace
}  // namespace greenroom::runtime
