#include "runtime/text/pretokenize/line_words.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/pretokenize/words.hpp"

namespace greenroom::runtime {
namespace {

using tests::words;

TEST(LineWords, TakeOneSignWithThem) {
    EXPECT_EQ(words("(a) .b\tc", {qwen2_words}), "(a|)| .|b|\tc");
    EXPECT_EQ(words("I'M\u3000b", {qwen2_words}), "I|'M|\u3000b");
}

TEST(LineWords, NumbersGoByOneOrByThree) {
    EXPECT_EQ(words("a1234", {qwen2_words}), "a|1|2|3|4");
    EXPECT_EQ(words("a1234", {llama3_words}), "a|123|4");
}

TEST(LineWords, SignsTakeLineEndsWithThem) {
    EXPECT_EQ(words("a;\r\n\n  b", {llama3_words}), "a|;\r\n\n| | b");
    EXPECT_EQ(words("a;\n b", {seed_coder_words}), "a|;|\n| b");
    EXPECT_EQ(words("a \n \n  ", {llama3_words}), "a| \n \n|  ");
}

TEST(LineWords, MarksAreLettersInQwen35Only) {
    EXPECT_EQ(words("e\u0301a", {qwen2_words}), "e|\u0301a");
    EXPECT_EQ(words("e\u0301a", {qwen35_words}), "e\u0301a");
    EXPECT_EQ(words("!\u0301", {qwen2_words}), "!\u0301");
    EXPECT_EQ(words("!\u0301", {qwen35_words}), "!\u0301");
}

}  // namespace
}  // namespace greenroom::runtime
