#include "io/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using tests::mentions;

std::string error_of(std::string_view text, JsonLimits limits = {}) {
    const auto json = parse_json(text, "x.json", limits);
    return json ? "parsed" : json.error().message;
}

TEST(Json, BuildsEveryKindOfValueInOrder) {
    const std::string text =
        R"({"z":[1,-2,3.5,true,null,"s",{"deep":[[]]}],"a":{},"m":18446744073709551615})";
    const auto json = parse_json(text, "x");
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(json->dump(), text);
    EXPECT_EQ((*json)["a"].size(), 0u);
    EXPECT_TRUE((*json)["m"].is_number_unsigned());
}

TEST(Json, AgreesWithTheLibrarysOwnParser) {
    const std::string text = R"([{"a":1e3,"b":"\u00fc\ud83d\ude00"},[],[[0.1]],"",-0,1])";
    EXPECT_EQ(*parse_json(text, "x"), Json::parse(text));
}

TEST(Json, Hazard080_NamesRepeatedKeys) {
    EXPECT_TRUE(mentions(error_of(R"({"a":1,"b":2,"a":3})"), "x.json: key \"a\" appears twice"));
    EXPECT_TRUE(mentions(error_of(R"([{"k":{"b":1,"b":1}}])"), "key \"b\" appears twice"));
    EXPECT_EQ(error_of(R"([{"a":1},{"a":1}])"), "parsed");
}

TEST(Json, Hazard080_BoundsDepth) {
    const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(error_of(nested(128)), "parsed");
    EXPECT_TRUE(mentions(error_of(nested(129)), "nested deeper than 128 levels"));
    EXPECT_TRUE(mentions(error_of(std::string(1'000'000, '[')), "nested deeper"));
    EXPECT_EQ(error_of(R"({"a":{"b":1}})", {.depth = 2}), "parsed");
    EXPECT_TRUE(mentions(error_of(R"({"a":{"b":[]}})", {.depth = 2}), "nested deeper than 2"));
}

TEST(Json, Hazard085_BoundsSize) {
    EXPECT_TRUE(
        mentions(error_of("[1,2]", {.bytes = 4}), "has 5 bytes of JSON; expected at most 4"));
}

TEST(Json, Hazard080_SaysWhereTextIsNotJson) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "line 1, column 1: expected a value, found the end"},
        {"{}\n x", "line 2, column 2: expected the end, found \"x\""},
        {"{'a':1}", "line 1, column 2: expected a key in quotes, found \"'a':1}\""},
        {"{\"a\" 1}", "expected ':', found \"1}\""},
        {"{\"a\":1,}", "expected a key in quotes, found \"}\""},
        {"{\"a\":1", "expected ',' or '}', found the end"},
        {"[1,]", "line 1, column 4: expected a value, found \"]\""},
        {"[1 2]", "expected ',' or ']', found \"2]\""},
        {"[NaN]", "expected a value, found \"NaN]\""},
        {"[nul]", "expected a value"},
        {"[01]", "expected ',' or ']', found \"1]\""},
        {"[-]", "expected a value"},
        {"[1.]", "expected a value"},
        {"[1e400]", "expected a number that a float can hold, found \"1e400]\""},
        {"[\"a", "expected a string with a closing quote"},
        {"[\"\\x\"]", "line 1, column 3: expected an escape, found \"\\x"},
        {"[\"\n\"]", "expected no raw control character in a string, found \"\\x0a"},
        {"[\"\xff\"]", "is no UTF-8 text at byte 2"},
        {"1 // no", "expected the end"},
    };
    for (const auto& [text, problem] : cases) {
        EXPECT_PRED2(mentions, error_of(text), std::string("x.json: ")) << text;
        EXPECT_PRED2(mentions, error_of(text), problem) << text;
    }
}

TEST(Json, Hazard080_ANulDoesNotHideWhatFollows) {
    EXPECT_TRUE(mentions(error_of(std::string_view("{}\0{}", 5)), "expected the end"));
    EXPECT_TRUE(mentions(error_of(std::string_view("\0", 1)), "expected a value"));
}

TEST(Json, Hazard080_BoundsMemory) {
    const auto many = [](std::string_view item) {
        std::string text = "[";
        for (int i = 0; i < 100'000; ++i) text.append(item) += ',';
        return text + "1]";
    };
    for (const char* item : {"1", "[]", "{}", "\"\"", "{\"a\":1}", "\"sixteen bytes or more\""}) {
        const std::string text = many(item);
        EXPECT_EQ(error_of(text), "parsed");
        const tests::AllocationPeak peak;
        EXPECT_TRUE(mentions(error_of(text, {.memory_bytes = 1 << 20}), "too much JSON"));
        EXPECT_LE(peak.bytes(), 1u << 20) << item;
    }
}

TEST(Json, Hazard085_ByteOrderMarks) {
    EXPECT_EQ(error_of("\xEF\xBB\xBF{}"), "parsed");
    EXPECT_TRUE(mentions(error_of(std::string_view("\xFF\xFE{\0}\0", 6)), "UTF-16"));
}

TEST(Json, ShowsNoRawControlCharactersInMessages) {
    const std::string message = error_of("[\"\x1b]0;title\"");
    EXPECT_EQ(message.find('\x1b'), std::string::npos) << message;
    EXPECT_LT(error_of("[\"" + std::string(100'000, 'x')).size(), 400u);
}

TEST(Json, LargeObjectsTakeNoQuadraticTime) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) text += fmt::format("\"token{}\":{},", i, i);
    text.back() = '}';
    const auto json = parse_json(text, "vocabulary");
    ASSERT_TRUE(json);
    EXPECT_EQ(json->size(), 200'000u);
}

TEST(ReadJsonFile, NamesTheFile) {
    const tests::TemporaryFolder folder;
    const auto json = read_json_file(folder.write("config.json", "{\"a\":"));
    ASSERT_FALSE(json);
    EXPECT_TRUE(mentions(json.error().message, "/config.json: line 1, column 6: expected a value"));
    EXPECT_EQ((*read_json_file(folder.write("good.json", "{\"a\":5}")))["a"], 5);
}

}  // namespace
}  // namespace greenroom::io
