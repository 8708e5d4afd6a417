#include "io/json_scalars.hpp"

#include <gtest/gtest.h>

namespace greenroom::io {
namespace {

// What is meant by what lies between the quotes, or where it goes wrong.
std::string unescaped(std::string_view raw) {
    std::string out;
    std::size_t bad = 0;
    return json::unescape(raw, out, bad) ? out : "bad at " + std::to_string(bad);
}

TEST(JsonScalars, ResolvesEveryEscape) {
    EXPECT_EQ(unescaped(R"(plain)"), "plain");
    EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(unescaped(R"(a\u0041\u00fc\u20ac\uFFFDz)"), "aA\u00fc\u20ac\uFFFDz");
    EXPECT_EQ(unescaped(R"(\ud83d\ude00\uDBFF\uDFFF)"), "\U0001F600\U0010FFFF");
    EXPECT_EQ(unescaped(R"(\u0000)"), std::string(1, '\0'));
}

TEST(JsonScalars, Hazard080_EscapesThatAreNone) {
    for (const char* raw : {R"(ab\x)",
                            R"(ab\)",
                            R"(ab\u12)",
                            R"(ab\u12g4)",
                            R"(ab\u+123)",
                            R"(ab\ud83d)",
                            R"(ab\ud83dx)",
                            R"(ab\ud83d\n)",
                            R"(ab\ud83d\u0041)",
                            R"(ab\ude00)",
                            R"(ab\U0041)"}) {
        EXPECT_EQ(unescaped(raw), "bad at 2") << raw;
    }
}

TEST(JsonScalars, FindsTheEndOfAString) {
    EXPECT_EQ(json::find_string_end(R"(ab"c)"), 2u);
    EXPECT_EQ(json::find_string_end(R"(a\"b"c)"), 4u);
    EXPECT_EQ(json::find_string_end(R"(a\\"c)"), 3u);
    EXPECT_EQ(json::find_string_end("a\nb"), 1u);
    EXPECT_EQ(json::find_string_end("ab"), 2u);
    EXPECT_EQ(json::find_string_end("ab\\"), 3u);
}

TEST(JsonScalars, MeasuresNumbersByTheGrammar) {
    for (const char* whole : {"0", "-0", "10", "1.5", "-1.25e10", "0e0", "1E+2", "1e-2"}) {
        EXPECT_EQ(json::number_length(whole), std::string_view(whole).size()) << whole;
    }
    for (const char* none :
         {"", "-", "+1", ".5", "1.", "1.e2", "1e", "1e+", "e1", "-a", "Infinity"}) {
        EXPECT_EQ(json::number_length(none), 0u) << none;
    }
    EXPECT_EQ(json::number_length("01"), 1u);
    EXPECT_EQ(json::number_length("12,"), 2u);
}

TEST(JsonScalars, KeepsIntegersThatFitExact) {
    EXPECT_EQ(json::number_value("18446744073709551615").get<std::uint64_t>(), ~0ull);
    EXPECT_EQ(json::number_value("-9223372036854775808").get<std::int64_t>(), INT64_MIN);
    EXPECT_EQ(json::number_value("9007199254740993").get<std::uint64_t>(), 9007199254740993u);
    EXPECT_TRUE(json::number_value("18446744073709551616").is_number_float());
    EXPECT_TRUE(json::number_value("-9223372036854775809").is_number_float());
    EXPECT_TRUE(json::number_value("1.0").is_number_float());
    EXPECT_TRUE(json::number_value("1e400").is_null());
}

}  // namespace
}  // namespace greenroom::io
