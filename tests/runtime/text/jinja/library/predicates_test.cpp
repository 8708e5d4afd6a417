#include "runtime/text/jinja/library/predicates.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

// Which of the tests about kinds hold of a value.
std::string kinds_of(std::string_view value) {
    std::string out;
    for (const char* name : {"defined",
                             "none",
                             "boolean",
                             "integer",
                             "float",
                             "number",
                             "string",
                             "mapping",
                             "sequence",
                             "iterable",
                             "callable"}) {
        const std::string source = "{{ " + std::string(value) + " is " + name + " }}";
        if (rendered(source) == "True") out += std::string(out.empty() ? "" : " ") + name;
    }
    return out;
}

TEST(Predicates, TellKindsApart) {
    EXPECT_EQ(kinds_of("x"), "sequence iterable");
    EXPECT_EQ(kinds_of("none"), "defined none");
    EXPECT_EQ(kinds_of("true"), "defined boolean number");
    EXPECT_EQ(kinds_of("1"), "defined integer number");
    EXPECT_EQ(kinds_of("1.0"), "defined float number");
    EXPECT_EQ(kinds_of("''"), "defined string sequence iterable");
    EXPECT_EQ(kinds_of("[]"), "defined sequence iterable");
    EXPECT_EQ(kinds_of("(1,)"), "defined sequence iterable");
    EXPECT_EQ(kinds_of("{}"), "defined mapping sequence iterable");
    EXPECT_EQ(kinds_of("([1]|map('string'))"), "defined iterable");
    EXPECT_EQ(kinds_of("range"), "defined callable");
}

TEST(Predicates, CompareWithTheirArgument) {
    EXPECT_EQ(
        rendered(
            "{{ 1 is eq 1 }} {{ 1 is ne(1) }} {{ 1 is lt(2) }} {{ 2 is ge(2) }} {{ 3 is "
            "greaterthan 2 }} "
            "{{ 2 is le 1 }} {{ 1 is in [1] }} {{ 'a' is not in 'abc' }} {{ 9 is divisibleby 3 }}"),
        "True False True True True False True False True");
    EXPECT_EQ(rendered("{{ 1 is eq }}"), "chat template, line 1: this test takes one argument");
}

TEST(Predicates, LookAtValues) {
    EXPECT_EQ(
        rendered(
            "{{ true is true }} {{ 1 is true }} {{ false is false }} {{ 3 is odd }} {{ -2 is even "
            "}} "
            "{{ 'ab' is lower }} {{ 'AB' is upper }} {{ '1' is upper }} {{ '<'|e is escaped }} "
            "{{ none is sameas none }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ x is "
            "undefined }}"),
        "True False True True True True True False True True True True True");
}

TEST(Predicates, AnUnknownOneIsAnError) {
    EXPECT_EQ(find_predicate("frobnicate"), nullptr);
    EXPECT_EQ(rendered("{{ 1 is frobnicate }}"),
              "chat template, line 1: no test named 'frobnicate'");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
