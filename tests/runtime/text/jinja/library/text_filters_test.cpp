#include <gtest/gtest.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(TextFilters, TakeAnythingThatPrints) {
    EXPECT_EQ(rendered("{{ none|upper }} {{ 12|string|length }} {{ x|trim }}| {{ [1]|string }} {{ "
                       "true|lower }}"),
              "NONE 2 | [1] true");
}

TEST(TextFilters, TrimAndReplace) {
    EXPECT_EQ(rendered("{{ '  a '|trim }}|{{ 'xax'|trim('x') }}|{{ 'aaa'|replace('a', 'b', 2) "
                       "}}|{{ 'a1'|replace(1, 2) }}"),
              "a|a|bba|a2");
}

TEST(TextFilters, Indent) {
    EXPECT_EQ(rendered("{{ 'a\nb'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\n\nb'|indent('> ', "
                       "blank=true) }}"),
              "a\n    b|  a\n  b|a\n> \n> b");
}

TEST(TextFilters, CaseAndShape) {
    EXPECT_EQ(rendered("{{ 'aB c'|title }} {{ 'aB'|capitalize }} {{ 'a'|center(3) }}| {{ 'a b  "
                       "c'|wordcount }} {{ '%s=%d'|format('a', 1) }}"),
              "Ab C Ab  a | 3 a=1");
}

TEST(TextFilters, MarkupIsEscapedOnce) {
    EXPECT_EQ(rendered("{{ '<'|escape }} {{ '<'|e|e }} {{ '<'|safe|e }} {{ '<'|safe }}"),
              "&lt; &lt; < <");
}

TEST(TextFilters, KeepTheOriginOfTheirText) {
    const io::Json input = {{"x", " b\nc "}};
    EXPECT_EQ(marked("{{ x|trim }}", input), "{b\nc}");
    EXPECT_EQ(marked("{{ ('a' ~ x)|upper }}", input), "A{ B\nC }");
    EXPECT_EQ(marked("{{ ('a' ~ x ~ 'd')|indent(2) }}", input), "a{ b}\n  {c }d");
    EXPECT_EQ(marked("{{ 'a-b'|replace('-', x) }}", input), "a{ b\nc }b");
    EXPECT_EQ(marked("{{ '<%s>'|format(x) }}", input), "<{ b\nc }>");
    EXPECT_EQ(marked("{{ x|string ~ x|safe }}", input), "{ b\nc  b\nc }");
}

TEST(TextFilters, Hazard075_WidthsAreBounded) {
    for (const char* source : {"{{ 'a\nb'|indent(10000000000) }}",
                               "{{ 'a'|center(10000000000) }}",
                               "{{ ['a']|tojson(indent=10000000000) }}"}) {
        const std::string message = rendered(source);
        EXPECT_TRUE(message.ends_with("makes a text of more than 8388608 bytes")) << message;
    }
}

}  // namespace
}  // namespace greenroom::runtime::jinja
