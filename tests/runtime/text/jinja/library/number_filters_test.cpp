#include <gtest/gtest.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(NumberFilters, Int) {
    EXPECT_EQ(rendered("{{ '42'|int }} {{ ' -7 '|int }} {{ '3.9'|int }} {{ 3.9|int }} {{ -3.9|int "
                       "}} {{ 'x'|int }} "
                       "{{ 'x'|int(9) }} {{ none|int }} {{ '0x1F'|int(base=16) }} {{ "
                       "'11'|int(base=2) }} {{ true|int }}"),
              "42 -7 3 3 -3 0 9 0 31 3 1");
    EXPECT_EQ(rendered("{{ '1'|int(base=99) }}"),
              "chat template, line 1: int() takes a base of 2 to 36");
}

TEST(NumberFilters, Hazard075_IntOfWhatDoesNotFitIsTheDefault) {
    EXPECT_EQ(rendered("{{ '99999999999999999999999'|int }} {{ 1e300|int(5) }} {{ 'inf'|int(6) }} "
                       "{{ 'nan'|float|int(7) }}"),
              "0 5 6 7");
}

TEST(NumberFilters, Float) {
    EXPECT_EQ(rendered("{{ '1.5'|float }} {{ 2|float }} {{ 'x'|float }} {{ 'x'|float(2.5) }} {{ "
                       "'+1e3'|float }}"),
              "1.5 2.0 0.0 2.5 1000.0");
}

TEST(NumberFilters, RoundHalvesToEven) {
    EXPECT_EQ(rendered("{{ 2.5|round }} {{ 3.5|round }} {{ 3.14159|round(2) }} {{ 2.675|round(2) "
                       "}} {{ 42|round }} "
                       "{{ 1234.5|round(-2) }}"),
              "2.0 4.0 3.14 2.67 42 1200.0");
    EXPECT_EQ(
        rendered(
            "{{ 3.2|round(0, 'ceil') }} {{ 3.79|round(1, method='floor') }} {{ 1e308|round(30) }}"),
        "4.0 3.7 1e+308");
    EXPECT_EQ(rendered("{{ 'a'|round }}"), "chat template, line 1: round of 'str'");
}

TEST(NumberFilters, Abs) {
    EXPECT_EQ(rendered("{{ -5|abs }} {{ (-0.0)|abs }} {{ -18446744073709551615|abs }}"),
              "5 0.0 18446744073709551615");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
