#include "runtime/text/characters.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

Classes classes_of(std::string_view text) {
    return characters_of(text).at(0).classes;
}

TEST(Characters, HaveTheirCategories) {
    EXPECT_EQ(classes_of("Ж"), kUpper);
    EXPECT_EQ(classes_of("ж"), kLower);
    EXPECT_EQ(classes_of("ǅ"), kTitle);
    EXPECT_EQ(classes_of("ʰ"), kOtherLetter);
    EXPECT_EQ(classes_of("中"), kOtherLetter);
    EXPECT_EQ(classes_of("\u0301"), kMark);
    EXPECT_EQ(classes_of("Ⅷ"), kNumber);
    EXPECT_EQ(classes_of("«"), kPunctuation);
    EXPECT_EQ(classes_of("€"), kSymbol);
    EXPECT_EQ(classes_of("\u200D"), 0);
    EXPECT_EQ(classes_of("\n"), kSpace | kNewline);
    EXPECT_EQ(classes_of("\u3000"), kSpace);
}

TEST(Characters, CountTheirBytes) {
    for (const char* text : {"a", "é", "中", "🙂"}) {
        EXPECT_EQ(characters_of(text).at(0).bytes(), std::string(text).size());
    }
}

TEST(Characters, WhiteSpaceIsUnicodes) {
    int n = 0;
    for (char32_t c = 0; c < 0x110000; ++c) n += is_white_space(c) ? 1 : 0;
    EXPECT_EQ(n, 25);  // White_Space has 25 characters in Unicode 15
    for (const char32_t c : {U'\t', U' ', U'\u0085', U'\u2028', U'\u202F', U'\u3000'}) {
        EXPECT_TRUE(is_white_space(c));
    }
    EXPECT_FALSE(is_white_space(U'\u200B'));
}

TEST(Characters, Hazard077_BadBytesBecomeReplacementsOneByOne) {
    EXPECT_EQ(replace_invalid_bytes("a\xFF"
                                    "b"),
              "a\uFFFDb");
    EXPECT_EQ(replace_invalid_bytes("\xE4\xBD"), "\uFFFD\uFFFD");                      // cut
    EXPECT_EQ(replace_invalid_bytes("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong
    EXPECT_EQ(replace_invalid_bytes("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // surrogate
    EXPECT_EQ(replace_invalid_bytes("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // too large
    EXPECT_EQ(replace_invalid_bytes("é中🙂"), "é中🙂");
}

TEST(Characters, ComposesToNfc) {
    EXPECT_EQ(composed("plain"), "plain");
    EXPECT_EQ(composed("e\u0301"), "é");
    EXPECT_EQ(composed("\u1112\u1161\u11AB"), "한");
    EXPECT_EQ(composed("\u212B"), "Å");
    EXPECT_EQ(composed("ﬁ"), "ﬁ");  // compatibility forms stay
}

TEST(Characters, Hazard077_EndlessMarksAreNotSorted) {
    // Two marks of different classes take turns, the worst case for sorting them.
    std::string text = "a";
    for (int i = 0; i < 500'000; ++i) text += "\u0301\u0323";
    EXPECT_EQ(composed(text), text);
}

}  // namespace
}  // namespace greenroom::runtime
