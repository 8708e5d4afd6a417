#include <gtest/gtest.h>

#include "runtime/text/jinja/interpreter.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(Evaluate, LogicGivesTheDecidingOperandAndStopsThere) {
    EXPECT_EQ(
        rendered(
            "{{ 0 or 'x' }} {{ 1 and 2 }} {{ 0 and 1 / 0 }} {{ 1 or 1 / 0 }} {{ '' or none }}"),
        "x 2 0 1 None");
}

TEST(Evaluate, ComparisonsEvaluateEachOperandOnce) {
    EXPECT_EQ(rendered("{% set l = [3, 2] %}{{ 1 < l.pop() < 3 }} {{ l }}"), "True [3]");
    EXPECT_EQ(rendered("{{ 2 < 1 < 1 / 0 }}"), "False");
}

TEST(Evaluate, ConditionalsEvaluateOneBranch) {
    EXPECT_EQ(rendered("{{ 'a' if true else 1 / 0 }} {{ 1 / 0 if false else 'b' }}"), "a b");
}

TEST(Evaluate, ConcatenationPrintsItsOperands) {
    EXPECT_EQ(rendered("{{ 1 ~ none ~ true ~ 1.0 ~ x ~ [1] }}"), "1NoneTrue1.0[1]");
}

TEST(Evaluate, VariablesHideGlobals) {
    EXPECT_EQ(rendered("{% set range = 5 %}{{ range }} {{ dict is callable }}", {{"dict", 1}}),
              "5 False");
    EXPECT_EQ(rendered("{{ nothing is defined }}"), "False");
}

TEST(Evaluate, DictsKeepTheLastOfEqualKeys) {
    EXPECT_EQ(rendered("{{ {1: 'a', true: 'b', 'x': 1} }}"), "{1: 'b', 'x': 1}");
    EXPECT_EQ(rendered("{{ {[]: 1} }}"), "chat template, line 1: unhashable type: 'list'");
}

TEST(Evaluate, CallsOnlyWhatIsCallable) {
    EXPECT_EQ(rendered("{{ 'a'() }}"), "chat template, line 1: 'str' object is not callable");
    EXPECT_EQ(rendered("{{ nothing() }}"), "chat template, line 1: 'nothing' is undefined");
    EXPECT_EQ(rendered("{{ 'a'.nothing() }}"),
              "chat template, line 1: 'str object' has no attribute 'nothing'");
}

TEST(Evaluate, SignsAndNegations) {
    EXPECT_EQ(rendered("{{ - 5 }} {{ +true }} {{ not x }} {{ 1 is not none }}"), "-5 1 True True");
    EXPECT_EQ(rendered("{{ +'a' }}"),
              "chat template, line 1: unsupported operand types for +: 'int' and 'str'");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
