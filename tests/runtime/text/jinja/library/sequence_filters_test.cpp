#include <gtest/gtest.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

const io::Json kInput = {
    {"items", {{{"g", "b"}, {"v", 2}}, {{"g", "A"}, {"v", 1}}, {{"g", "b"}, {"v", 3}}}}};

TEST(SequenceFilters, Default) {
    EXPECT_EQ(rendered("{{ x|default('a') }} {{ ''|default('a') }}| {{ ''|default('a', true) }} {{ "
                       "none|d(1, boolean=true) }} {{ x|d }}|"),
              "a | a 1 |");
}

TEST(SequenceFilters, Join) {
    EXPECT_EQ(
        rendered(
            "{{ [1, none, 'a']|join('-') }} {{ []|join }} {{ items|join(',', attribute='g') }}",
            kInput),
        "1-None-a  b,A,b");
    EXPECT_EQ(marked("{{ ['a', x, 'b']|join('-') }}", {{"x", "y"}}), "a-{y}-b");
}

TEST(SequenceFilters, FirstLastReverseList) {
    EXPECT_EQ(rendered("{{ [1, 2]|first }}{{ 'zó'|last }}{{ 'abc'|reverse }}{{ [1, 2]|reverse|list "
                       "}}{{ 'ab'|list }}"),
              "1ócba[2, 1]['a', 'b']");
    EXPECT_EQ(rendered("{{ []|first is defined }} {{ []|last is defined }}"), "False False");
}

TEST(SequenceFilters, SortIsStableInBothDirections) {
    EXPECT_EQ(rendered("{{ [3, 1, 2]|sort }} {{ ['b', 'A', 'a']|sort }} {{ ['b', 'A', "
                       "'a']|sort(case_sensitive=true) }}"),
              "[1, 2, 3] ['A', 'a', 'b'] ['A', 'a', 'b']");
    EXPECT_EQ(rendered("{{ items|sort(attribute='g')|map(attribute='v')|join }} "
                       "{{ items|sort(true, attribute='g')|map(attribute='v')|join }}",
                       kInput),
              "123 231");
    EXPECT_EQ(rendered("{{ [1, 'a']|sort }}"),
              "chat template, line 1: '<' not supported between 'str' and 'int'");
}

TEST(SequenceFilters, Hazard075_SortingWhatHasNoOrderEnds) {
    EXPECT_TRUE(tests::render("{{ (['nan'|float, 1.0, 2.0] * 1000)|sort|length }}"));
}

TEST(SequenceFilters, Dicts) {
    EXPECT_EQ(
        rendered("{% set d = {'b': 1, 'A': 2} %}{{ d|items|list }} {{ d|dictsort }} {{ "
                 "d|dictsort(by='value') }} "
                 "{{ d|dictsort(reverse=true) }} {{ x|items|list }}"),
        "[('b', 1), ('A', 2)] [('A', 2), ('b', 1)] [('b', 1), ('A', 2)] [('b', 1), ('A', 2)] []");
    EXPECT_EQ(rendered("{{ 'a'|items }}"), "chat template, line 1: items of what is not a mapping");
    EXPECT_EQ(rendered("{{ [1]|dictsort }}"),
              "chat template, line 1: dictsort of what is not a dict");
}

TEST(SequenceFilters, UniqueMinMaxSum) {
    EXPECT_EQ(rendered("{{ [1, 1.0, 2, 'a', 'A']|unique|list }} {{ [3, 1, 2]|min }} {{ ['b', "
                       "'A']|max }} {{ [1, 2.5]|sum }} "
                       "{{ items|sum(attribute='v') }} {{ items|max(attribute='v') == items[2] }} "
                       "{{ []|min is defined }}",
                       kInput),
              "[1, 2, 'a'] 1 b 3.5 6 True False");
}

TEST(SequenceFilters, GroupBy) {
    EXPECT_EQ(rendered("{% for key, group in items|groupby('g') %}{{ key }}:{{ "
                       "group|map(attribute='v')|join }} {% endfor %}",
                       kInput),
              "A:1 b:23 ");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
