#include "runtime/setting_value.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace greenroom::runtime {
namespace {

std::string error_of(const Place& place, const Accepts& accepts, std::string_view text) {
    const io::Result<void> ok = put_text(place, accepts, text);
    return ok ? "put" : ok.error().message;
}

TEST(ParseBytes, TakesDecimalAndBinaryUnits) {
    EXPECT_EQ(*parse_bytes("4096"), 4096u);
    EXPECT_EQ(*parse_bytes("8GB"), 8'000'000'000u);
    EXPECT_EQ(*parse_bytes("8g"), 8'000'000'000u);
    EXPECT_EQ(*parse_bytes("8GiB"), 8ull << 30);
    EXPECT_EQ(*parse_bytes("512 mib"), 512ull << 20);
    EXPECT_EQ(*parse_bytes("1.5KiB"), 1536u);
    EXPECT_EQ(*parse_bytes("0"), 0u);
}

TEST(ParseBytes, Hazard161_RefusesWhatIsNoSize) {
    for (const char* text : {"",
                             "GiB",
                             "8XB",
                             "8GiBs",
                             "1e400",
                             "-1",
                             "nan",
                             "inf",
                             "1.2.3",
                             "99999999TiB",
                             "8 8",
                             " 8",
                             "0x10"}) {
        EXPECT_FALSE(parse_bytes(text)) << text;
    }
}

TEST(ParseInteger, TakesDigitsAndASignOnly) {
    EXPECT_EQ(*parse_integer("-12"), -12);
    EXPECT_EQ(*parse_integer("+12"), 12);
    EXPECT_EQ(*parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    for (const char* text :
         {"", "+", "-", "+-1", "1.0", "1e3", " 1", "1 ", "9223372036854775808"}) {
        EXPECT_FALSE(parse_integer(text)) << text;
    }
}

TEST(ParseReal, TakesFiniteNumbersOnly) {
    EXPECT_EQ(*parse_real("0.25"), 0.25);
    EXPECT_EQ(*parse_real("1e-3"), 1e-3);
    for (const char* text : {"", "nan", "inf", "1e999", "0,5", "1x", " 1"}) {
        EXPECT_FALSE(parse_real(text)) << text;
    }
}

TEST(PutText, FillsEveryKindOfPlace) {
    bool flag = false;
    int whole = 0;
    double real = 0;
    ByteCount bytes;
    std::string text;
    std::vector<std::string> list;
    std::optional<int> maybe;
    std::optional<double> maybe_real;
    std::optional<std::int64_t> maybe_long;
    EXPECT_TRUE(put_text(&flag, {}, "On"));
    EXPECT_TRUE(put_text(&whole, {}, "-3"));
    EXPECT_TRUE(put_text(&real, {}, "0.5"));
    EXPECT_TRUE(put_text(&bytes, {}, "1KiB"));
    EXPECT_TRUE(put_text(&text, {}, "x=y"));
    EXPECT_TRUE(put_text(&list, {}, "a") && put_text(&list, {}, "b"));
    EXPECT_TRUE(put_text(&maybe, {}, "4"));
    EXPECT_TRUE(put_text(&maybe_real, {}, "4"));
    EXPECT_TRUE(put_text(&maybe_long, {.most = 9.2e18}, "5000000000"));
    EXPECT_TRUE(flag);
    EXPECT_EQ(whole, -3);
    EXPECT_EQ(real, 0.5);
    EXPECT_EQ(bytes.value, 1024u);
    EXPECT_EQ(text, "x=y");
    EXPECT_EQ(list, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(maybe, 4);
    EXPECT_EQ(maybe_real, 4.0);
    EXPECT_EQ(maybe_long, 5'000'000'000);
}

TEST(PutText, Hazard161_SaysWhatWasExpectedAndChangesNothing) {
    int whole = 5;
    double real = 5;
    bool flag = true;
    std::string choice = "read";
    EXPECT_EQ(error_of(&whole, {.least = 0, .most = 64}, "65"),
              "expected a whole number from 0 to 64, got \"65\"");
    EXPECT_EQ(error_of(&whole, {.least = 1}, "abc"),
              "expected a whole number of 1 or more, got \"abc\"");
    EXPECT_EQ(error_of(&whole, {}, "3000000000"), "expected a whole number, got \"3000000000\"");
    EXPECT_EQ(error_of(&real, {.most = 1}, "1.5"), "expected a number of 1 or less, got \"1.5\"");
    EXPECT_EQ(error_of(&flag, {}, "perhaps"), "expected true or false, got \"perhaps\"");
    EXPECT_EQ(error_of(&choice, {.choices = {"read", "mmap"}}, "\x1b[2J"),
              "expected one of read, mmap, got \"\\x1b[2J\"");
    EXPECT_EQ(whole, 5);
    EXPECT_EQ(real, 5);
    EXPECT_TRUE(flag);
    EXPECT_EQ(choice, "read");
}

TEST(PutTyped, RefusesTheWrongType) {
    int whole = 0;
    double real = 0;
    bool flag = false;
    std::string text;
    ByteCount bytes;
    EXPECT_FALSE(put_bool(&whole, true));
    EXPECT_FALSE(put_bool(&text, true));
    EXPECT_FALSE(put_integer(&flag, {}, 1));
    EXPECT_FALSE(put_integer(&text, {}, 1));
    EXPECT_FALSE(put_integer(&bytes, {}, -1));
    EXPECT_FALSE(put_real(&whole, {}, 1.0));
    EXPECT_FALSE(put_real(&real, {}, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_FALSE(put_real(&real, {}, std::numeric_limits<double>::infinity()));
    EXPECT_FALSE(put_string(&real, {}, "1"));
    EXPECT_TRUE(put_integer(&real, {}, 1));
    EXPECT_TRUE(put_string(&bytes, {}, "1KiB"));
}

TEST(PlaceText, GivesWhatPutTextWouldTake) {
    double real = 0.1;
    std::optional<int> unset;
    ByteCount bytes{1536};
    bool flag = true;
    EXPECT_EQ(place_text(&real), "0.1");
    EXPECT_EQ(place_text(&unset), "");
    EXPECT_EQ(place_text(&bytes), "1536");
    EXPECT_EQ(place_text(&flag), "true");
}

TEST(NearestName, FindsSlipsAndBeginningsOnly) {
    const std::vector<std::string_view> names = {"temperature", "top_k", "top_p"};
    EXPECT_EQ(nearest_name("temprature", names), "temperature");
    EXPECT_EQ(nearest_name("temp", names), "temperature");
    EXPECT_EQ(nearest_name("topk", names), "top_k");
    EXPECT_EQ(nearest_name("ctonext", {"context"}), "context");
    EXPECT_EQ(nearest_name("/hlep", {"/help"}), "/help");
    EXPECT_EQ(nearest_name("banana", names), std::nullopt);
    EXPECT_EQ(nearest_name("", names), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(1000, 'x'), names), std::nullopt);
}

}  // namespace
}  // namespace greenroom::runtime
