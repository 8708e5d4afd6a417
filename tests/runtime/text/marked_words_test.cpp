#include "runtime/text/marked_words.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

std::string words(std::string_view text) {
    std::string joined;
    while (!text.empty()) {
        const std::size_t bytes = marked_word_bytes(text);
        joined += (joined.empty() ? "" : "|") + std::string(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return joined;
}

TEST(MarkedWords, StartAtTheFirstOfTheirMarks) {
    EXPECT_EQ(words("▁▁ab▁c▁▁"), "▁▁ab|▁c|▁▁");
    EXPECT_EQ(words("ab"), "ab");
    EXPECT_EQ(words("▁"), "▁");
}

TEST(MarkedWords, Hazard077_BadBytesTakeWhatTheyPromise) {
    EXPECT_EQ(leading_character_bytes("a"), 1u);
    EXPECT_EQ(leading_character_bytes("\x80"), 1u);
    EXPECT_EQ(leading_character_bytes("\xC0x"), 2u);
    EXPECT_EQ(leading_character_bytes("\xE5▁"), 3u);
    EXPECT_EQ(leading_character_bytes("\xFF▁"), 4u);
    EXPECT_EQ(leading_character_bytes("\xF0"), 1u);
    EXPECT_EQ(words("\xE5▁x"), "\xE5▁x");  // the mark is no character here
}

TEST(MarkedWords, TokensMayCrossThem) {
    EXPECT_FALSE(tokens_cross_words(tests::vocabulary_of(tests::normal_tokens({"▁▁", "▁a", "a"}))));
    EXPECT_TRUE(tokens_cross_words(tests::vocabulary_of(tests::normal_tokens({"a▁b"}))));
    EXPECT_FALSE(tokens_cross_words(tests::vocabulary_of({tests::control("<a▁b>")})));
}

}  // namespace
}  // namespace greenroom::runtime
