#include "runtime/text/pretokenize/deepseek_words.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/pretokenize/words.hpp"

namespace greenroom::runtime {
namespace {

using tests::words;

TEST(DeepseekWords, TheListsTakeOneSpaceBefore) {
    EXPECT_EQ(words("ab  cd\u3000é", {listed_letters}), "ab| | cd|\u3000é");
    EXPECT_EQ(words("é\u00A0,.é", {listed_signs}), "é|\u00A0,.|é");
    EXPECT_EQ(words("é,a", {listed_signs}), "é|,a");  // ":-~" holds ASCII letters
    EXPECT_EQ(words("a ß中", {spaced_letters}), "a| ß中");
    EXPECT_EQ(words("a ,«$", {spaced_punctuation}), "a| ,«|$");
}

TEST(DeepseekWords, TheLetterListIsOlderThanUnicode) {
    EXPECT_EQ(words("ა", {listed_letters}), "ა");  // unmatched, which looks the same
    EXPECT_EQ(words("aა", {listed_letters}), "a|ა");
    EXPECT_EQ(words("aᲐ", {listed_letters}), "aᲐ");
}

TEST(DeepseekWords, NewlinesAndFinalSpacesAreApart) {
    EXPECT_EQ(words("a\r\n\nb", {single_newlines}), "a|\r|\n|\n|b");
    EXPECT_EQ(words("a  b \t", {final_spaces}), "a  b| \t");
}

TEST(DeepseekWords, EastAsianTextIsApart) {
    EXPECT_EQ(words("a中한ひb", {east_asian_runs}), "a|中한ひ|b");
    EXPECT_EQ(words("a中한ひb", {han_and_kana_runs}), "a|中|한|ひ|b");
}

TEST(DeepseekWords, Version3TakesASignWithAsciiLetters) {
    EXPECT_EQ(words("_ab $é (x) e\u0301", {deepseek3_words}), "_ab| $|é| (|x|)| e\u0301");
    EXPECT_EQ(words("a;\n\n  b", {deepseek3_words}), "a|;\n\n| | b");
    EXPECT_EQ(words("\u200Ba", {deepseek3_words}), "\u200Ba");
}

}  // namespace
}  // namespace greenroom::runtime
