#include "runtime/text/pretokenize/cased_words.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/pretokenize/words.hpp"

namespace greenroom::runtime {
namespace {

using tests::words;

TEST(CasedWords, EndWhereLowerCaseTurnsToUpper) {
    EXPECT_EQ(words("camelCaseWORD HTTPServer", {gpt4o_words}), "camel|Case|WORD| HTTPServer");
    EXPECT_EQ(words("iPhone", {kimi_words}), "i|Phone");
}

TEST(CasedWords, TakeContractionsWithThem) {
    EXPECT_EQ(words("it's WE'LL", {gpt4o_words}), "it's| WE'LL");
    EXPECT_EQ(words("it's", {tekken_words}), "it|'s");
}

TEST(CasedWords, UncasedLettersGoBothWays) {
    EXPECT_EQ(words("中A中文aB", {gpt4o_words}), "中A中文a|B");
    EXPECT_EQ(words("中AB", {gpt4o_words}), "中|AB");
    EXPECT_EQ(words("中AB", {tekken_words}), "中|AB");
}

// The alternatives of the expression are tried in order: a mark that can be a word of its own is
// one before it is the sign in front of capitals.
TEST(CasedWords, AMarkBeforeCapitalsIsAWord) {
    EXPECT_EQ(words("\u0301AB", {gpt4o_words}), "\u0301|AB");
    EXPECT_EQ(words("\u0301ab", {gpt4o_words}), "\u0301ab");
    EXPECT_EQ(words("!AB", {gpt4o_words}), "!AB");
}

TEST(CasedWords, SlashesStayWithSigns) {
    EXPECT_EQ(words("a://\n/b", {gpt4o_words}), "a|://\n/|b");
    EXPECT_EQ(words("1234", {gpt4o_words}), "123|4");
    EXPECT_EQ(words("12", {tekken_words}), "1|2");
}

TEST(CasedWords, HanIsApartInKimi) {
    EXPECT_EQ(words("a中文b", {kimi_words}), "a|中文|b");
    EXPECT_EQ(words("ひ中ラ", {kimi_words}), "ひ|中|ラ");
    EXPECT_EQ(words("!\n/", {kimi_words}), "!\n|/");
}

}  // namespace
}  // namespace greenroom::runtime
