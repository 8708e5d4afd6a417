#include <gtest/gtest.h>

#include "runtime/text/jinja/interpreter.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(Macro, BindsByPlaceByNameAndByDefault) {
    EXPECT_EQ(rendered("{% macro f(x, y=2, z=y) %}{{ x }}{{ y }}{{ z }} {% endmacro %}"
                       "{{ f(1) }}{{ f(1, 3) }}{{ f(1, z='w') }}{{ f(x=5) }}{{ f() }}"),
              "122 133 12w 522 22 ");
}

TEST(Macro, RefusesArgumentsItHasNoNameFor) {
    EXPECT_EQ(rendered("{% macro f(x) %}{% endmacro %}{{ f(1, 2) }}"),
              "chat template, line 1: macro 'f' takes at most 1 arguments");
    EXPECT_EQ(rendered("{% macro f(x) %}{% endmacro %}{{ f(y=2) }}"),
              "chat template, line 1: macro 'f' has no parameter 'y'");
}

TEST(Macro, SeesTheVariablesOfWhereItWasDefined) {
    EXPECT_EQ(rendered("{% macro f() %}{{ q }}{% endmacro %}{% set q = 3 %}{{ f() }}"), "3");
    EXPECT_EQ(rendered("{% macro f() %}{{ loop is defined }}{% endmacro %}{% for x in [1] %}{{ f() "
                       "}}{% endfor %}"),
              "False");
    EXPECT_EQ(rendered("{{ f(1) }}{% macro f(x) %}{% endmacro %}"),
              "chat template, line 1: 'f' is undefined");
}

TEST(Macro, OutlivesItsScope) {
    EXPECT_EQ(rendered("{% set ns = namespace() %}{% for x in [7] %}{% macro f() %}{{ x }}{% "
                       "endmacro %}{% set ns.f = f %}{% endfor %}{{ ns.f() }}"),
              "7");
}

TEST(Macro, KnowsItsNameAndParameters) {
    EXPECT_EQ(
        rendered(
            "{% macro f(x, y) %}{% endmacro %}{{ f.name }} {{ f.arguments }} {{ f.z is defined }}"),
        "f ('x', 'y') False");
}

TEST(Macro, Hazard075_RecursionIsBounded) {
    EXPECT_EQ(rendered("{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro "
                       "%}{{ f(3) }}"),
              "3210");
    EXPECT_EQ(rendered("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
              "chat template, line 1: macros call each other 200 deep");
    EXPECT_EQ(rendered("{% macro f(n) %}{% if n > 0 %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% "
                       "endmacro %}{{ f(60) }}"),
              "chat template, line 1: takes more than 2000000 steps");
}

TEST(Loop, KnowsWhereItIs) {
    EXPECT_EQ(rendered("{% for x in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ "
                       "loop.revindex0 }}"
                       "{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ "
                       "loop.nextitem }} {% endfor %}"),
              "1032TrueFalse3b 2121FalseFalse3ac 3210FalseTrue3b ");
    EXPECT_EQ(rendered("{% for x in [1] %}{{ loop.previtem is defined }}{{ loop.nextitem is "
                       "defined }}{{ loop.x is defined }}{% endfor %}"),
              "FalseFalseFalse");
}

TEST(Loop, CallsItselfWhenItIsRecursive) {
    EXPECT_EQ(rendered("{% for x in [1, [2, [3]]] recursive %}{% if x is iterable %}({{ loop(x) "
                       "}}){% else %}{{ x }}{{ loop.depth }}{% endif %}{% endfor %}"),
              "11(22(33))");
    EXPECT_EQ(rendered("{% for x in [1] %}{{ loop([1]) }}{% endfor %}"),
              "chat template, line 1: loop() is for a recursive loop");
}

TEST(Loop, Hazard075_RecursionIsBounded) {
    EXPECT_FALSE(tests::render("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}"));
}

}  // namespace
}  // namespace greenroom::runtime::jinja
