#include "runtime/text/jinja/interpreter.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(Interpreter, ChoosesTheFirstBranchThatHolds) {
    EXPECT_EQ(rendered("{% if 0 %}a{% elif 1 %}b{% elif 1 / 0 %}c{% else %}d{% endif %}"), "b");
    EXPECT_EQ(rendered("{% if 0 %}a{% endif %}|{% if 0 %}a{% else %}d{% endif %}"), "|d");
}

TEST(Interpreter, LoopsOverWhatTheirConditionKeeps) {
    EXPECT_EQ(rendered("{% for x in [3, 1, 2] if x > 1 %}{{ loop.index }}{{ x }} {% endfor %}"),
              "13 22 ");
    EXPECT_EQ(rendered("{% for x in [1] if x > 1 %}a{% else %}none{% endfor %}"), "none");
    EXPECT_EQ(rendered("{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}"),
              "123");
    EXPECT_EQ(rendered("{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == "
                       "4 %}{% break %}{% endif %}"
                       "{{ x }}{% endfor %}"),
              "023");
    EXPECT_EQ(rendered("{% for a, b in [[1]] %}{% endfor %}"),
              "chat template, line 1: 1 values to unpack into 2 names");
}

TEST(Interpreter, BreakLeavesBlocksInsideOfTheLoop) {
    EXPECT_EQ(
        rendered(
            "{% for x in [1, 2] %}{% filter upper %}a{% break %}b{% endfilter %}{% endfor %}"
            "{% for x in [1, 2] %}{% with y = x %}{{ y }}{% break %}{% endwith %}{% endfor %}"),
        "A1");
}

TEST(Interpreter, ALoopHasItsOwnScopeAndAnIfHasNone) {
    EXPECT_EQ(
        rendered(
            "{% set z = 0 %}{% for x in [1, 2] %}{% set z = z + x %}{{ z }}{% endfor %}{{ z }}"),
        "120");
    EXPECT_EQ(rendered("{% if 1 %}{% set y = 1 %}{% endif %}{{ y }}"), "1");
    EXPECT_EQ(rendered("{% with x = 1 %}{{ x }}{% endwith %}{{ x is defined }}"), "1False");
    EXPECT_EQ(rendered("{% set x %}{% set y = 1 %}a{% endset %}{{ x }}{{ y is defined }}"),
              "aFalse");
}

TEST(Interpreter, ANamespaceCarriesValuesOutOfALoop) {
    EXPECT_EQ(rendered("{% set ns = namespace(n=0) %}{% for x in [1, 2] %}{% set ns.n = ns.n + x "
                       "%}{% set ns.m = x %}{% endfor %}"
                       "{{ ns.n }}{{ ns.m }}"),
              "32");
    EXPECT_EQ(rendered("{% set d = {} %}{% set d.x = 1 %}"),
              "chat template, line 1: cannot set d.x: only a namespace has attributes to set");
}

TEST(Interpreter, BlocksAreFilteredAndKeepTheirMarks) {
    EXPECT_EQ(marked("{% set b | upper | trim %} a{{ x }} {% endset %}{{ b }}{% filter lower %}B{{ "
                     "x }}{% endfilter %}",
                     {{"x", "y"}}),
              "A{Y}b{y}");
    EXPECT_EQ(marked("{% macro f(a) %}<{{ a }}>{% endmacro %}{{ f(x) }}{{ f('z') }}", {{"x", "y"}}),
              "<{y}><z>");
}

TEST(Interpreter, CallBlocksHandTheirBodyOver) {
    EXPECT_EQ(rendered("{% macro f(x) %}{{ caller(x) }}{{ caller('z') }}{% endmacro %}{% call(p) "
                       "f(1) %}[{{ p }}]{% endcall %}"),
              "[1][z]");
}

TEST(Interpreter, AnErrorNamesTheLineWhereItArose) {
    EXPECT_EQ(rendered("a\n{% if true %}\n{{ 1 + 'a' }}\n{% endif %}").substr(0, 22),
              "chat template, line 3:");
    EXPECT_EQ(rendered("{% macro f() %}\n\n{% endmacro %}\n{{ f() ~ x.y }}").substr(0, 22),
              "chat template, line 4:");
}

// A loop around an error does not go on; nothing after it is evaluated.
TEST(Interpreter, AnErrorEndsTheRenderingAtOnce) {
    EXPECT_EQ(rendered("{% for x in range(100000) %}{{ 1 / 0 }}{% for y in range(100000) %}{% "
                       "endfor %}{% endfor %}"),
              "chat template, line 1: division by zero");
}

TEST(Interpreter, Hazard075_BoundsWorkMemoryAndOutput) {
    const auto problem = [](std::string_view source, TemplateLimits limits) {
        const auto out = tests::render(source, io::Json::object(), limits);
        return out ? "" : out.error().message;
    };
    EXPECT_EQ(problem("{% for x in range(100) %}{{ x }}{% endfor %}", {.steps = 100}),
              "chat template, line 1: takes more than 100 steps");
    EXPECT_EQ(problem("{% for x in range(100) %}0123456789{% endfor %}", {.output_bytes = 900}),
              "chat template, line 1: makes a text of more than 900 bytes");
    EXPECT_EQ(problem("{% set l = [] %}{% for x in range(100) %}{% set _ = l.append('0123456789') "
                      "%}{% endfor %}",
                      {.memory_bytes = 5000}),
              "chat template, line 1: holds more than 5000 bytes of values");
    EXPECT_EQ(problem("{% for x in range(1000) %}{% set s = '0123456789' * 10 %}{% endfor %}",
                      {.memory_bytes = 50'000}),
              "");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
