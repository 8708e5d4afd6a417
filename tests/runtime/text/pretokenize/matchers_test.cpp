#include "runtime/text/pretokenize/matchers.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(Matchers, RunsStopAtTheirLimit) {
    const auto text = characters_of("12345a");
    EXPECT_EQ(match_run(text, 0, kNumber), 5u);
    EXPECT_EQ(match_run(text, 1, kNumber, 3), 4u);
    EXPECT_EQ(match_run(text, 3, kNumber, 3), 5u);
    EXPECT_EQ(match_run(text, 5, kNumber), 5u);
    EXPECT_EQ(match_run(text, 6, kNumber), 6u);
    EXPECT_EQ(match_run_without(text, 0, kLower), 5u);
    EXPECT_EQ(match_run_without(text, 6, kLower), 6u);
}

std::size_t contraction(std::string_view text, LetterCase letter_case = LetterCase::ignored) {
    return match_contraction(characters_of(text), 0, letter_case);
}

TEST(Matchers, KnowTheContractionsOfEnglish) {
    for (const char* text : {"'s", "'T", "'re", "'VE", "'m", "'Ll", "'d", "'ſ"}) {
        EXPECT_EQ(contraction(text), characters_of(text).size()) << text;
    }
    for (const char* text : {"", "'", "'a", "'r", "'l", "'le", "s", "’s"}) {
        EXPECT_EQ(contraction(text), 0u) << text;
    }
    EXPECT_EQ(contraction("'S", LetterCase::exact), 0u);
    EXPECT_EQ(contraction("'ve", LetterCase::exact), 3u);
    EXPECT_EQ(contraction("'sabc"), 2u);
}

TEST(Matchers, ALineEndTakesAllSpaceBeforeItsLastNewline) {
    EXPECT_EQ(match_line_end(characters_of(" \n \r  a"), 0), 4u);
    EXPECT_EQ(match_line_end(characters_of("  a\n"), 0), 0u);
    EXPECT_EQ(match_line_end(characters_of("a"), 0), 0u);
}

TEST(Matchers, SpaceLeavesTheLastOneToTheWord) {
    EXPECT_EQ(match_space(characters_of("   a"), 0), 2u);
    EXPECT_EQ(match_space(characters_of(" a"), 0), 1u);
    EXPECT_EQ(match_space(characters_of("   "), 0), 3u);
    EXPECT_EQ(match_space(characters_of("a"), 0), 0u);
}

}  // namespace
}  // namespace greenroom::runtime
