#include "runtime/text/jinja/values/json_text.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(JsonText, WritesScalarsAsJson) {
    EXPECT_EQ(rendered("{{ [1, 3.0, 1e16, true, none, 'a']|tojson }}"),
              R"([1, 3.0, 1e+16, true, null, "a"])");
    EXPECT_EQ(rendered("{{ [1e999, -1e999]|tojson }}").substr(0, 22), "chat template, line 1:");
    EXPECT_EQ(rendered("{{ ('inf'|float)|tojson }}{{ ('nan'|float)|tojson }}"), "InfinityNaN");
}

TEST(JsonText, EscapesWhatMustBeAndNothingElse) {
    EXPECT_EQ(rendered(R"({{ "\"\\\n\r\t\b\f\x01\x7f</é→"|tojson }})"),
              "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\x7f</é→\"");
    EXPECT_EQ(rendered(R"({{ "é😀\x7f"|tojson(ensure_ascii=true) }})"),
              R"("\u00e9\ud83d\ude00\u007f")");
}

TEST(JsonText, KeepsOrSortsKeys) {
    EXPECT_EQ(rendered("{{ {'b': 1, 'a': {}}|tojson }}"), R"({"b": 1, "a": {}})");
    EXPECT_EQ(rendered("{{ {'b': 1, 'a': 2}|tojson(sort_keys=true) }}"), R"({"a": 2, "b": 1})");
    EXPECT_EQ(rendered("{{ {1: 1, 2.5: 2, none: 3}|tojson }}"), R"({"1": 1, "2.5": 2, "null": 3})");
}

TEST(JsonText, IndentsAndSeparates) {
    EXPECT_EQ(rendered("{{ {'a': [1, {}], 'b': []}|tojson(indent=2) }}"),
              "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    EXPECT_EQ(rendered("{{ [1, {'a': 2}]|tojson(separators=(',', ':')) }}"), R"([1,{"a":2}])");
    EXPECT_EQ(rendered("{{ [1]|tojson(indent='\t') }}"), "[\n\t1\n]");
}

TEST(JsonText, RefusesWhatJsonCannotHold) {
    for (const char* value : {"x", "range", "namespace()", "[1]|map('string')", "{(1, 2): 3}"}) {
        const std::string message = rendered("{{ (" + std::string(value) + ")|tojson }}");
        EXPECT_TRUE(message.ends_with("is not JSON serializable")) << value << ": " << message;
    }
}

// The braces and commas of the conversation's own objects are the conversation's too.
TEST(JsonText, KeepsTheOriginOfWhatItWrites) {
    EXPECT_EQ(marked("{{ x|tojson }}", {{"x", {{"a", {1, "b"}}}}}), R"({{"a": [1, "b"]}})");
    EXPECT_EQ(marked("{{ {'k': x, 'n': 1}|tojson }}", {{"x", "v"}}), R"({"k": {"v"}, "n": 1})");
}

TEST(JsonText, Hazard075_BoundsDepthAndIndentation) {
    EXPECT_EQ(
        rendered("{% set ns = namespace(l=[]) %}"
                 "{% for i in range(300) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}"),
        "chat template, line 1: nests values deeper than 200 levels");
    EXPECT_EQ(rendered("{{ [1]|tojson(indent=99999999999) }}"),
              "chat template, line 1: makes a text of more than 8388608 bytes");
    EXPECT_EQ(rendered("{% set l = [] %}{{ l.append(l) }}{{ l|tojson }}").substr(0, 40),
              "chat template, line 1: nests values deep");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
