#include "runtime/text/jinja/syntax/expression_parser.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(ExpressionParser, BindsOperatorsByLevel) {
    EXPECT_EQ(rendered("{{ 1 + 2 * 3 ** 2 }} {{ 2 * 3 % 4 }} {{ 'x' ~ 2 * 3 }} {{ 10 - 3 - 2 }}"),
              "19 2 x6 5");
    EXPECT_EQ(rendered("{{ not 1 == 2 }} {{ true or false and false }} {{ not true or true }}"),
              "True True True");
    EXPECT_EQ(rendered("{{ 1 ~ 2 == '12' }} {{ -2 ** 2 }} {{ 2 ** 3 ** 2 }}"), "True 4 64");
}

TEST(ExpressionParser, FiltersBindCloserThanOperators) {
    EXPECT_EQ(
        rendered("{{ 'a' ~ 'b'|upper }} {{ -3|abs }} {{ 1 in [1]|list }} {{ not []|length }}"),
        "aB 3 True True");
    EXPECT_EQ(rendered("{{ 'a'|upper is string and 1 is not none }}"), "True");
}

TEST(ExpressionParser, ComparisonsChain) {
    EXPECT_EQ(rendered("{{ 1 < 2 < 3 }} {{ 1 < 2 > 5 }} {{ 1 not in [2] == true }}"),
              "True False False");
}

TEST(ExpressionParser, ConditionalsNestToTheRight) {
    EXPECT_EQ(rendered("{{ 1 if 0 else 2 if 0 else 3 }} {{ 1 if 0 }}| {{ (1 if 0) is defined }}"),
              "3 | False");
}

TEST(ExpressionParser, ReadsDisplaysAndTuples) {
    EXPECT_EQ(
        rendered("{{ [1, 2,] }} {{ {'a': 1,} }} {{ (1,) }} {{ () }} {{ (1) }} {{ 1, 2 }} {{ [] }}"),
        "[1, 2] {'a': 1} (1,) () 1 (1, 2) []");
    EXPECT_EQ(rendered("{{ 'a' 'b' }}"), "ab");
}

TEST(ExpressionParser, ReadsPaths) {
    EXPECT_EQ(rendered("{{ x.a[1]['b'].c }} {{ x.a.0 }} {{ 'abc'[1:][0] }}",
                       {{"x", {{"a", {1, {{"b", {{"c", 2}}}}}}}}}),
              "2 1 b");
}

TEST(ExpressionParser, ATestTakesOneArgumentWithoutBrackets) {
    EXPECT_EQ(rendered("{{ 9 is divisibleby 3 and 1 is in [1] }} {{ 1 is eq 1 or false }} "
                       "{{ 1 is not eq(2) }} {{ 'a' if x is defined else 'b' }}"),
              "True True True b");
}

TEST(ExpressionParser, NamesWhatItFoundAndWhatIsDue) {
    EXPECT_EQ(rendered("{{ 1 + }}"), "chat template, line 1: found '}}'; expected an expression");
    EXPECT_EQ(rendered("{{ a b }}"),
              "chat template, line 1: found 'b'; expected the end of the expression");
    EXPECT_EQ(rendered("{{ a. }}"), "chat template, line 1: found '}}'; expected a name");
    EXPECT_EQ(rendered("{{ {'a' 1} }}"), "chat template, line 1: found '1'; expected ':'");
    EXPECT_EQ(rendered("{{ f(x=1, 2) }}"),
              "chat template, line 1: an argument without a name stands after one with a name");
    EXPECT_EQ(rendered("{{ f(*x) }}"), "chat template, line 1: found '*'; expected an argument");
    EXPECT_EQ(rendered("\n{{ 99999999999999999999 }}"),
              "chat template, line 2: '99999999999999999999' is no number of at most 64 bits");
}

TEST(ExpressionParser, Hazard075_BoundsNestingAndNotLength) {
    const auto nested = [](std::string_view open, std::string_view close) {
        std::string source = "{{ ";
        for (int i = 0; i < 300; ++i) source += open;
        source += '1';
        for (int i = 0; i < 300; ++i) source += close;
        return rendered(source + " }}");
    };
    for (const std::string_view open :
         {"(", "[", "not ", "-", "{1:", "f(", "x|default(", "1 + ("}) {
        const std::string_view close = open == "["           ? "]"
                                       : open == "{1:"       ? "}"
                                       : open.ends_with('(') ? ")"
                                                             : "";
        EXPECT_EQ(nested(open, close), "chat template, line 1: nested deeper than 200 levels")
            << open;
    }
    std::string sum = "{{ 0";
    for (int i = 0; i < 5000; ++i) sum += " + 1";
    EXPECT_EQ(rendered(sum + " }}"), "5000");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
