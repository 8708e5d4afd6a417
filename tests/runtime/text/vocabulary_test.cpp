#include "runtime/text/vocabulary.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::control;
using tests::token;
using tests::vocabulary_of;

std::string error_of(std::vector<Token> tokens) {
    const auto built = Vocabulary::build(std::move(tokens));
    return built ? "built" : built.error().message;
}

TEST(Vocabulary, FindsTheFirstOfEqualTexts) {
    const Vocabulary v = vocabulary_of({token("a"), token("b"), token("a")});
    EXPECT_EQ(v.find("a"), 0);
    EXPECT_EQ(v.find("b"), 1);
    EXPECT_EQ(v.find("c"), std::nullopt);
    EXPECT_EQ(v.find("far longer than any token"), std::nullopt);
    EXPECT_EQ(v.n_repeated(), 1u);
}

TEST(Vocabulary, FindsNoControlTokenForText) {
    const Vocabulary v = vocabulary_of({control("<s>"),
                                        token("<unk>", TokenType::unknown),
                                        token("<0x0A>", TokenType::byte),
                                        token("gone", TokenType::unused),
                                        tests::user_defined("mine"),
                                        token("a")});
    for (const std::string_view text : {"<s>", "<unk>", "<0x0A>", "gone"}) {
        EXPECT_TRUE(v.find(text)) << text;
        EXPECT_FALSE(v.find_ordinary(text)) << text;
    }
    EXPECT_EQ(v.find_ordinary("mine"), 4);
    EXPECT_EQ(v.find_ordinary("a"), 5);
}

TEST(Vocabulary, KnowsItsByteTokens) {
    const Vocabulary v = vocabulary_of({token("<0x0a>", TokenType::byte), token("<0x0B>")});
    EXPECT_EQ(v.byte_token(0x0A), 0);
    EXPECT_EQ(v.byte_token(0x0B), std::nullopt);
}

TEST(Vocabulary, ContainsIdsInRange) {
    const Vocabulary v = vocabulary_of({token("a")});
    EXPECT_TRUE(v.contains(0));
    EXPECT_FALSE(v.contains(1));
    EXPECT_FALSE(v.contains(-1));
    EXPECT_FALSE(v.contains(std::numeric_limits<TokenId>::min()));
}

TEST(Vocabulary, Hazard067_EmptyVocabulary) {
    EXPECT_NE(error_of({}), "built");
}

TEST(Vocabulary, Hazard068_ScoreThatIsNotANumber) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(error_of({token("a"), token("b", TokenType::normal, nan)}),
              "token 1 \"b\" has a score that is not a number");
}

TEST(Vocabulary, Hazard071_MalformedByteTokens) {
    for (const char* text :
         {"<0x-1>", "<0xZZ>", "<0x1FF>", "<0x1>", "<0x>", "", "<0x+1>", "0x01"}) {
        EXPECT_EQ(error_of({token(text, TokenType::byte)}),
                  std::string("token 0 \"") + text +
                      "\" is of type byte; expected \"<0x00>\" to \"<0xFF>\"");
    }
}

TEST(Vocabulary, Hazard072_TakesAnyText) {
    const std::string million(1 << 20, 'a');
    const std::string nul("a\0b", 3);
    const Vocabulary v = vocabulary_of({token(""), token(million), token(nul), token("\xFF\xC0")});
    EXPECT_EQ(v.find(""), 0);
    EXPECT_EQ(v.find(million), 1);
    EXPECT_EQ(v.find(nul), 2);
    EXPECT_EQ(v.find("\xFF\xC0"), 3);
}

TEST(Vocabulary, Hazard072_EndlessControlToken) {
    EXPECT_EQ(error_of({control(std::string(1024, 'a'))}), "built");
    const std::string message = error_of({control(std::string(1 << 20, 'a'))});
    EXPECT_NE(message.find("is a special token of 1048576 bytes; expected at most 1024"),
              std::string::npos);
    EXPECT_LT(message.size(), 200u);
}

}  // namespace
}  // namespace greenroom::runtime
