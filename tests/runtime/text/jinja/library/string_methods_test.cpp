#include <gtest/gtest.h>

#include "runtime/text/jinja/library/methods.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(StringMethods, Search) {
    EXPECT_EQ(rendered("{{ 'zółzół'.find('ół') }} {{ 'zółzół'.rfind('ół') }} {{ 'abc'.find('x') }} "
                       "{{ 'aXa'.find('a', 1) }} {{ 'aaa'.count('a') }} {{ 'ab'.count('') }}"),
              "1 4 -1 2 3 3");
    EXPECT_EQ(rendered("{{ 'abc'.index('x') }}"), "chat template, line 1: substring not found");
}

TEST(StringMethods, Affixes) {
    EXPECT_EQ(rendered("{{ 'hello'.startswith('he') }} {{ 'hello'.endswith(('x', 'lo')) }} "
                       "{{ 'hello'.startswith('l', 2) }} {{ 'hello'.startswith('l', 2, 2) }}"),
              "True True True False");
    EXPECT_EQ(rendered("{{ 'a-b'.removeprefix('a-') }} {{ 'a-b'.removesuffix('-b') }} {{ "
                       "'a'.removeprefix('x') }}"),
              "b a a");
}

TEST(StringMethods, SplitAndJoin) {
    EXPECT_EQ(
        rendered("{{ 'a,b,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} "
                 "{{ 'a,b,c'.rsplit(',', 1) }} {{ 'a=b=c'.partition('=') }} {{ "
                 "'abc'.rpartition('=') }}"),
        "['a', 'b', 'c'] ['a', 'b,c'] ['a', 'b'] ['a,b', 'c'] ('a', '=', 'b=c') ('', '', 'abc')");
    EXPECT_EQ(rendered("{{ '-'.join(['a', 'b']) }} {{ 'a\nb'.splitlines() }}"), "a-b ['a', 'b']");
    EXPECT_EQ(rendered("{{ ','.join([1]) }}"),
              "chat template, line 1: join() takes strings, not 'int'");
    EXPECT_EQ(rendered("{{ 'a'.split('') }}"),
              "chat template, line 1: split() at an empty separator");
}

TEST(StringMethods, StripAndReplace) {
    EXPECT_EQ(rendered("{{ ' a '.strip() }}|{{ 'xax'.strip('x') }}|{{ ' a '.rstrip() }}|{{ "
                       "'aab'.lstrip('a') }}|"
                       "{{ 'aaa'.replace('a', 'b', 2) }}"),
              "a|a| a|b|bba");
}

TEST(StringMethods, CaseAndPadding) {
    EXPECT_EQ(
        rendered(
            "{{ 'aB'.upper() }} {{ 'aB'.lower() }} {{ 'aB c'.title() }} {{ 'aB'.capitalize() }} "
            "{{ 'aB'.swapcase() }} {{ '5'.zfill(3) }} {{ '-5'.zfill(4) }} {{ 'a'.center(3, '*') }} "
            "{{ 'a'.ljust(2) }}|{{ 'a'.rjust(2) }}"),
        "AB ab Ab C Ab Ab 005 -005 *a* a | a");
}

TEST(StringMethods, Classes) {
    EXPECT_EQ(
        rendered(
            "{{ '12'.isdigit() }} {{ ''.isdigit() }} {{ 'aż'.isalpha() }} {{ 'a1'.isalnum() }} "
            "{{ ' \n'.isspace() }} {{ 'AB1'.isupper() }} {{ '1'.isupper() }} {{ 'ab'.islower() }}"),
        "True False True True True True False True");
}

TEST(StringMethods, KeepTheOriginOfTheirText) {
    const io::Json input = {{"x", " b,c "}};
    EXPECT_EQ(marked("{{ ('a' ~ x ~ 'd').upper() }}", input), "A{ B,C }D");
    EXPECT_EQ(marked("{{ x.strip() ~ '|' }}", input), "{b,c}|");
    EXPECT_EQ(marked("{{ '-'.join(x.split(',')) }}", input), "{ b}-{c }");
    EXPECT_EQ(marked("{{ x.replace(',', ' and ') }}", input), "{ b} and {c }");
    EXPECT_EQ(marked("{{ 'a.b'.replace('.', x) }}", input), "a{ b,c }b");
    EXPECT_EQ(marked("{{ x.center(7, '*') }}", input), "*{ b,c }*");
}

TEST(StringMethods, RefuseArgumentsOfOtherTypes) {
    EXPECT_EQ(rendered("{{ 'a'.replace(1, 2) }}"),
              "chat template, line 1: expected a string, not 'int'");
    EXPECT_EQ(rendered("{{ 'a'.upper(1) }}"),
              "chat template, line 1: case() takes at most 0 arguments, not 1");
    EXPECT_EQ(rendered("{{ 'a'.strip(chars='a', x=1) }}"),
              "chat template, line 1: strip() has no parameter 'x'");
}

// Searching backwards is naive: it must be charged for what it may cost.
TEST(StringMethods, Hazard075_SearchingBackwardsIsBounded) {
    EXPECT_EQ(rendered("{% set t = 'a' * 1000000 %}{{ t.rfind('b' ~ 'a' * 500000) }}"),
              "chat template, line 1: takes more than 2000000 steps");
    EXPECT_EQ(rendered("{% set t = 'a' * 1000000 %}{{ t.rsplit('b' ~ 'a' * 500000) }}"),
              "chat template, line 1: takes more than 2000000 steps");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
