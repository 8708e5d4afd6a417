#include "runtime/text/pretokenize/plain_words.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/pretokenize/words.hpp"

namespace greenroom::runtime {
namespace {

using tests::words;

TEST(PlainWords, Gpt2TakesASpaceWithTheWord) {
    EXPECT_EQ(words("Hello, wörld's 42nd!  ok ", {gpt2_words}),
              "Hello|,| wörld|'s| 42|nd|!| | ok| ");
    EXPECT_EQ(words("it'S\n\n a\ta", {gpt2_words}), "it|'|S|\n\n| a|\t|a");
}

TEST(PlainWords, NumbersComeInManyPortions) {
    EXPECT_EQ(words("1234½", {single_numbers}), "1|2|3|4|½");
    EXPECT_EQ(words("1234½", {number_triples}), "123|4½");
    EXPECT_EQ(words("a1234½", {number_runs}), "a|1234½");
    EXPECT_EQ(words("1234567", {digit_triples}), "123|456|7");
    EXPECT_EQ(words("12½", {digit_triples}), "12½");
}

TEST(PlainWords, SignsCountAsPunctuation) {
    EXPECT_EQ(words("a$+«b", {punctuation_runs}), "a|$+«|b");
    EXPECT_EQ(words("a€b", {punctuation_runs}), "a€b");
}

TEST(PlainWords, LinesKeepTheirNewlinesApart) {
    EXPECT_EQ(words("a b\n\nc\r\n", {lines}), "a b|\n\n|c\r|\n");
}

}  // namespace
}  // namespace greenroom::runtime
