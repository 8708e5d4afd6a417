#include "runtime/text/jinja/values/brace_format.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(BraceFormat, FillsByPlaceAndByName) {
    EXPECT_EQ(rendered("{{ '{} {}'.format(1, 'a') }} {{ '{1}{0}'.format('a', 'b') }} "
                       "{{ '{x}{y}'.format(x=1, y=none) }} {{ '{{}}'.format() }}"),
              "1 a ba 1None {}");
}

TEST(BraceFormat, TakesAStyle) {
    EXPECT_EQ(rendered("{{ '{:>5}|{:<5}|{:^5}|{:*^5}|{:→>3}'.format('a', 'b', 'c', 'd', 'e') }}"),
              "    a|b    |  c  |**d**|→→e");
    EXPECT_EQ(
        rendered("{{ '{:.2f}|{:03d}|{:+}|{:,}|{:#x}|{:5}|{:.2}'.format(1.234, 7, 8, 1000, 255, 1, "
                 "'abc') }}"),
        "1.23|007|+8|1,000|0xff|    1|ab");
    EXPECT_EQ(rendered("{{ '{} {:d}'.format(true, true) }}"), "True 1");
}

TEST(BraceFormat, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(rendered("{{ '{'.format() }}"),
              "chat template, line 1: single brace in format string");
    EXPECT_EQ(rendered("{{ '}'.format() }}"),
              "chat template, line 1: single brace in format string");
    EXPECT_EQ(rendered("{{ '{}'.format() }}"),
              "chat template, line 1: replacement index out of range");
    EXPECT_EQ(rendered("{{ '{:q}'.format(1) }}"),
              "chat template, line 1: unknown format code 'q' for a number");
    EXPECT_EQ(rendered("{{ '{:d}'.format('a') }}"),
              "chat template, line 1: unknown format code 'd' for 'str'");
    EXPECT_EQ(rendered("{{ '{:5dd}'.format(1) }}"),
              "chat template, line 1: invalid format specifier");
}

TEST(BraceFormat, Hazard076_ReachesNothingInsideAValue) {
    for (const char* field :
         {"{0.__class__}", "{0[a]}", "{x.y}", "{0.a.b}", "{99999999999999999999}"}) {
        const std::string source = "{{ '" + std::string(field) + "'.format({'a': 1}, x=2) }}";
        EXPECT_FALSE(tests::render(source)) << field;
    }
}

TEST(BraceFormat, KeepsTheOriginOfValues) {
    EXPECT_EQ(marked("{{ '<{:>3}|{}>'.format(x, n) }}", {{"x", "a"}, {"n", 7}}), "<  {a}|{7}>");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
