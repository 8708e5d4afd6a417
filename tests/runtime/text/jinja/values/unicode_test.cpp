#include "runtime/text/jinja/values/unicode.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

TEST(Unicode, CountsCodePoints) {
    EXPECT_EQ(count_characters(""), 0u);
    EXPECT_EQ(count_characters("aé→😀"), 4u);
}

TEST(Unicode, EveryByteThatIsNoUtf8IsACharacter) {
    EXPECT_EQ(count_characters("\xC3(\xFF\xE2\x82"), 5u);
    EXPECT_EQ(first_character("\xC3(").bytes, 1u);
    EXPECT_EQ(first_character("\xC3(").value, char32_t{0xDCC3});
}

TEST(Unicode, FindsWhereACharacterStarts) {
    EXPECT_EQ(byte_of_character("aé→😀", 0), 0u);
    EXPECT_EQ(byte_of_character("aé→😀", 3), 6u);
    EXPECT_EQ(byte_of_character("aé→😀", 4), 10u);
    EXPECT_EQ(byte_of_character("aé→😀", 99), 10u);
}

TEST(Unicode, TheLastCharacterIsThatOfAForwardReading) {
    EXPECT_EQ(last_character("aé").value, U'é');
    EXPECT_EQ(last_character("a😀").bytes, 4u);
    EXPECT_EQ(last_character("a\x80").bytes, 1u);
    EXPECT_EQ(last_character("\x80\x80\x80\x80\x80\x80").bytes, 1u);
    EXPECT_EQ(last_character("é\x80").bytes, 1u);
}

TEST(Unicode, EncodesAndReplacesWhatIsNoScalarValue) {
    EXPECT_EQ(utf8(U'a'), "a");
    EXPECT_EQ(utf8(U'😀'), "😀");
    EXPECT_EQ(utf8(0xD800), "\uFFFD");
    EXPECT_EQ(utf8(0x110000), "\uFFFD");
}

TEST(Unicode, WhiteSpaceIsThatOfPython) {
    for (const char32_t c : {U'\t',
                             U'\n',
                             U'\v',
                             U'\f',
                             U'\r',
                             U' ',
                             char32_t{0x1C},
                             char32_t{0x85},
                             char32_t{0xA0},
                             char32_t{0x1680},
                             char32_t{0x2003},
                             char32_t{0x2028},
                             char32_t{0x202F},
                             char32_t{0x205F},
                             char32_t{0x3000}}) {
        EXPECT_TRUE(is_space(c)) << static_cast<std::uint32_t>(c);
    }
    for (const char32_t c : {U'a', U'\0', char32_t{0x1B}, char32_t{0x200B}, char32_t{0xFEFF}}) {
        EXPECT_FALSE(is_space(c)) << static_cast<std::uint32_t>(c);
    }
}

TEST(Unicode, ClassesAndCases) {
    EXPECT_TRUE(is_alphabetic(U'ż') && is_lower(U'ż') && is_upper(U'Ż'));
    EXPECT_TRUE(is_digit(U'7') && !is_digit(U'a') && !is_alphabetic(U'7'));
    EXPECT_EQ(to_upper(U'ż'), U'Ż');
    EXPECT_EQ(to_lower(U'Σ'), U'σ');
    EXPECT_TRUE(is_printable(U' ') && is_printable(U'é'));
    EXPECT_FALSE(is_printable(U'\n') || is_printable(0xA0) || is_printable(0x200B));
}

TEST(Unicode, TrimsEachSide) {
    EXPECT_EQ(trim_start("\u2003 a "), "a ");
    EXPECT_EQ(trim_end(" a \u2003"), " a");
    EXPECT_EQ(trim_end("\u2003"), "");
    EXPECT_EQ(trim_start("\x80 "), "\x80 ");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
