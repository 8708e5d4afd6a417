#include "runtime/text/jinja/library/globals.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(Globals, Range) {
    EXPECT_EQ(rendered("{{ range(3)|list }} {{ range(2, 5)|list }} {{ range(5, 0, -2)|list }} {{ "
                       "range(3, 1)|list }} {{ range(10)[2:4]|list }}"),
              "[0, 1, 2] [2, 3, 4] [5, 3, 1] [] [2, 3]");
    EXPECT_EQ(rendered("{{ range(0, 1, 0) }}"),
              "chat template, line 1: range() with a step of zero");
}

TEST(Globals, Hazard075_RangeIsBounded) {
    for (const char* call : {"range(100001)",
                             "range(18446744073709551615)",
                             "range(1000000000, 0, -1)",
                             "range(-18446744073709551615, 18446744073709551615)"}) {
        EXPECT_EQ(rendered("{{ " + std::string(call) + "|length }}"),
                  "chat template, line 1: range() of more than 100000 numbers");
    }
    EXPECT_EQ(
        rendered(
            "{{ range(-18446744073709551615, 18446744073709551615, 18446744073709551615)|list }}"),
        "[-18446744073709551615, 0]");
}

TEST(Globals, NamespaceAndDict) {
    EXPECT_EQ(rendered("{{ namespace({'a': 1}, b=2).b }} {{ dict({'a': 1}, b=2) }}"),
              "2 {'a': 1, 'b': 2}");
    EXPECT_EQ(rendered("{{ dict([1]) }}"),
              "chat template, line 1: dict() takes a dict, not 'list'");
}

TEST(Globals, RaiseExceptionEndsTheRendering) {
    EXPECT_EQ(rendered("a{{ raise_exception('no: ' ~ 1) }}{{ 1 / 0 }}"),
              "the chat template refuses: no: 1");
}

TEST(Globals, StrftimeNowWritesTheClockOfTheRendering) {
    EXPECT_EQ(rendered("{{ strftime_now('%Y-%m-%d %H:%M:%S') }}"), "2025-03-07 12:34:56");
    EXPECT_EQ(marked("{{ strftime_now(x) }}", {{"x", "%d"}}), "{07}");
}

TEST(Globals, JoinerIsSilentOnce) {
    EXPECT_EQ(rendered("{% set j = joiner('; ') %}{{ j() }}a{{ j() }}b{{ j() }}c{% set k = "
                       "joiner() %}{{ k() }}{{ k() }}"),
              "a; b; c, ");
}

TEST(Globals, Hazard076_ThereAreNoOthers) {
    Rendering run({}, 0);
    for (const char* name :
         {"open", "eval", "self", "lipsum", "cycler", "config", "request", "__import__", ""}) {
        EXPECT_TRUE(find_global(run, name).is(Kind::undefined)) << name;
    }
}

}  // namespace
}  // namespace greenroom::runtime::jinja
