#include "io/utf8.hpp"

#include <gtest/gtest.h>

namespace greenroom::io {
namespace {

TEST(Utf8, ReadsCodePointsOfEveryLength) {
    const auto is = [](std::string_view text, char32_t value, std::size_t bytes) {
        const auto point = first_code_point(text);
        return point && point->value == value && point->bytes == bytes;
    };
    EXPECT_TRUE(is("a", U'a', 1));
    EXPECT_TRUE(is(std::string_view("\0", 1), U'\0', 1));
    EXPECT_TRUE(is("\u00fcx", U'\u00fc', 2));
    EXPECT_TRUE(is("\u20ac", U'\u20ac', 3));
    EXPECT_TRUE(is("\U0010FFFF", U'\U0010FFFF', 4));
}

TEST(Utf8, RefusesWhatTheTableOfWellFormedSequencesDoes) {
    for (const char* text : {"\x80",
                             "\xC0\x80",
                             "\xC1\xBF",
                             "\xE0\x9F\xBF",
                             "\xF0\x8F\xBF\xBF",
                             "\xED\xA0\x80",
                             "\xED\xBF\xBF",
                             "\xF4\x90\x80\x80",
                             "\xF5\x80\x80\x80",
                             "\xFF",
                             "\xC3",
                             "\xE2\x82",
                             "\xF0\x9F\x98",
                             "\xC3(",
                             "\xE2\x82("}) {
        EXPECT_FALSE(first_code_point(text)) << testing::PrintToString(text);
        EXPECT_FALSE(is_utf8(text));
    }
    for (const char* text : {"\xC2\x80",
                             "\xE0\xA0\x80",
                             "\xED\x9F\xBF",
                             "\xEE\x80\x80",
                             "\xF0\x90\x80\x80",
                             "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_utf8(text)) << testing::PrintToString(text);
    }
}

TEST(Utf8, MeasuresTheSoundPart) {
    EXPECT_EQ(utf8_prefix(""), 0u);
    EXPECT_EQ(utf8_prefix("a\u00fc"), 3u);
    EXPECT_EQ(utf8_prefix("a\u00fc\xFFz"), 3u);
    EXPECT_EQ(utf8_prefix("abc\xE2\x82"), 3u);
}

}  // namespace
}  // namespace greenroom::io
