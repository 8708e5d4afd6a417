#include "runtime/text/jinja/values/percent_format.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(PercentFormat, FillsItsFieldsInOrder) {
    EXPECT_EQ(rendered("{{ '%s-%d' % ('a', 3) }} {{ '%s' % 'b' }} {{ '%r %%' % ('c',) }}"),
              "a-3 b 'c' %");
    EXPECT_EQ(rendered("{{ '%05.2f|%x|%-4d|%4d|%+d|% d|%#x' % (3.14159, 255, 1, 2, 3, 4, 5) }}"),
              "03.14|ff|1   |   2|+3| 4|0x5");
    EXPECT_EQ(rendered("{{ '%5s|%-5s|%.1s|%05s' % ('ab', 'ab', 'ab', 'ab') }}"),
              "   ab|ab   |a|   ab");
    EXPECT_EQ(rendered("{{ '%s' % [1, 2] }}"), "[1, 2]");
}

TEST(PercentFormat, WantsAsManyValuesAsFields) {
    EXPECT_EQ(rendered("{{ '%s %s' % 'a' }}"),
              "chat template, line 1: not enough arguments for format string");
    EXPECT_EQ(rendered("{{ '%s' % ('a', 'b') }}"),
              "chat template, line 1: not all arguments converted during string formatting");
}

TEST(PercentFormat, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(rendered("{{ '%q' % 1 }}"),
              "chat template, line 1: unsupported format character 'q'");
    EXPECT_EQ(rendered("{{ '%d' % 'a' }}"),
              "chat template, line 1: %d format: a number is required, not 'str'");
    EXPECT_EQ(rendered("{{ '%' % 1 }}").substr(0, 22), "chat template, line 1:");
}

TEST(PercentFormat, KeepsTheOriginOfValues) {
    EXPECT_EQ(marked("{{ '<%s|%5d>' % (x, n) }}", {{"x", "a"}, {"n", 7}}), "<{a}|    {7}>");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
