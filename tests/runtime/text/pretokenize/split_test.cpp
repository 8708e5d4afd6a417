#include "runtime/text/pretokenize/split.hpp"

#include <gtest/gtest.h>

#include "runtime/text/pretokenize/plain_words.hpp"
#include "tests/runtime/text/pretokenize/words.hpp"

namespace greenroom::runtime {
namespace {

using tests::words;

TEST(Split, WhatDoesNotMatchIsAPieceToo) {
    EXPECT_EQ(words("ab12cd3", {single_numbers}), "ab|1|2|cd|3");
    EXPECT_EQ(words("12", {number_runs}), "12");
    EXPECT_EQ(words("ab", {number_runs}), "ab");
}

TEST(Split, LaterRulesSeeThePiecesOfEarlierOnes) {
    EXPECT_EQ(words("a  1  b", {gpt2_words}), "a| | 1| | b");
    EXPECT_EQ(words("a  1  b", {single_numbers, gpt2_words}), "a|  |1| | b");
}

TEST(Split, MayHaveNothingToDo) {
    EXPECT_EQ(words("", {gpt2_words}), "");
    EXPECT_EQ(words("a b", {}), "a b");
}

TEST(Split, CountsBytesOfCharacters) {
    EXPECT_EQ(words("é1中2🙂", {number_runs}), "é|1|中|2|🙂");
}

}  // namespace
}  // namespace greenroom::runtime
