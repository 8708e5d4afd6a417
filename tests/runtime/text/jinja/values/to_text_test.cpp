#include "runtime/text/jinja/values/to_text.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(ToText, PrintsFloatsAsPythonDoes) {
    EXPECT_EQ(real_text(3.0), "3.0");
    EXPECT_EQ(real_text(-0.0), "-0.0");
    EXPECT_EQ(real_text(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(real_text(0.0001), "0.0001");
    EXPECT_EQ(real_text(0.00001), "1e-05");
    EXPECT_EQ(real_text(9999999999999998.0), "9999999999999998.0");
    EXPECT_EQ(real_text(1e16), "1e+16");
    EXPECT_EQ(real_text(5e-324), "5e-324");
    EXPECT_EQ(real_text(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(real_text(-std::numeric_limits<double>::infinity()), "-inf");
    EXPECT_EQ(real_text(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(ToText, PrintsIntegersOf65Bits) {
    const Integer most = (Integer{1} << 64) - 1;
    EXPECT_EQ(integer_text(most), "18446744073709551615");
    EXPECT_EQ(integer_text(-most), "-18446744073709551615");
    EXPECT_EQ(integer_text(0), "0");
}

TEST(ToText, QuotesStringsInsideContainers) {
    EXPECT_EQ(rendered(R"({{ ["a", "it's", 'say "x"', "it's \"x\"", "\n\t\\"] }})"),
              R"(['a', "it's", 'say "x"', 'it\'s "x"', '\n\t\\'])");
    EXPECT_EQ(rendered(R"({{ ["\x7f", "\u00a0", "\u200b", "é"] }})"),
              R"(['\x7f', '\xa0', '\u200b', 'é'])");
}

TEST(ToText, PrintsEveryKind) {
    EXPECT_EQ(rendered("{{ [none, true, x, (1,), (), {}, {'a': {1: 2.0}}] }}"),
              "[None, True, Undefined, (1,), (), {}, {'a': {1: 2.0}}]");
    EXPECT_EQ(rendered("{{ namespace(a=1) }}"), "<Namespace {'a': 1}>");
    EXPECT_EQ(rendered("{{ [range] }}"), "chat template, line 1: a function cannot be printed");
}

TEST(ToText, MarksWhatComesFromTheInput) {
    EXPECT_EQ(marked("{{ n }} {{ x }} {{ 2 }}", {{"n", 7}, {"x", nullptr}}), "{7} {None} 2");
    EXPECT_EQ(marked("{{ ['a', x] }}", {{"x", "b"}}), "['a', {'b'}]");
    EXPECT_EQ(marked("{{ x }}", {{"x", {1, "b"}}}), "{[1, 'b']}");
}

TEST(ToText, Hazard075_DeepValuesEndInAnError) {
    EXPECT_EQ(rendered("{% set ns = namespace(l=[]) %}"
                       "{% for i in range(300) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}"),
              "chat template, line 1: nests values deeper than 200 levels");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
