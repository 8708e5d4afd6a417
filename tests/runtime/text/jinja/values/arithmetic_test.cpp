#include "runtime/text/jinja/values/arithmetic.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

TEST(Arithmetic, DividesTowardsMinusInfinity) {
    EXPECT_EQ(rendered("{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7 % -3 }} {{ -7 % 3 }}"),
              "3 -4 -4 -2 2");
    EXPECT_EQ(rendered("{{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }}"), "3.0 0.5 -0.5");
}

// q = a // b and r = a % b: a = q b + r, and r has the sign of b and is smaller.
TEST(Arithmetic, QuotientAndRemainderBelongTogether) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2000; ++i) {
        Rendering run({}, 0);
        const auto a = static_cast<Integer>(static_cast<std::int64_t>(random()));
        const auto b = static_cast<Integer>(static_cast<std::int64_t>(random()) >> (random() % 63));
        if (b == 0) continue;
        const Integer q = floor_divide(run, Value::integer(a), Value::integer(b)).as_integer();
        const Integer r = remainder(run, Value::integer(a), Value::integer(b)).as_integer();
        EXPECT_TRUE(q * b + r == a);
        EXPECT_TRUE(b > 0 ? r >= 0 && r < b : r <= 0 && r > b);
    }
}

TEST(Arithmetic, DividingGivesAFloat) {
    EXPECT_EQ(rendered("{{ 6 / 2 }} {{ 1 / 3 }} {{ 2 ** -1 }}"), "3.0 0.3333333333333333 0.5");
}

TEST(Arithmetic, Hazard075_RefusesToDivideByZero) {
    for (const char* source : {"{{ 1 / 0 }}",
                               "{{ 1 // 0 }}",
                               "{{ 1 % 0 }}",
                               "{{ 1.0 % 0.0 }}",
                               "{{ 1 / false }}",
                               "{{ 0 ** -1 }}",
                               "{{ 0.0 ** -1 }}"}) {
        EXPECT_EQ(rendered(source), "chat template, line 1: division by zero") << source;
    }
}

TEST(Arithmetic, Hazard075_RefusesIntegersOfMoreThan64Bits) {
    EXPECT_EQ(rendered("{{ 18446744073709551615 }}"), "18446744073709551615");
    for (const char* source : {"{{ 18446744073709551615 + 1 }}",
                               "{{ -18446744073709551615 - 1 }}",
                               "{{ 18446744073709551615 * 18446744073709551615 }}",
                               "{{ 2 ** 64 }}",
                               "{{ 10 ** 1000000000 }}",
                               "{{ (-3) ** 18446744073709551615 }}"}) {
        EXPECT_EQ(rendered(source), "chat template, line 1: makes an integer of more than 64 bits")
            << source;
    }
    EXPECT_EQ(rendered("{{ (-1) ** 18446744073709551615 }} {{ 0 ** 0 }} {{ 1 ** 99999999999 }}"),
              "-1 1 1");
    EXPECT_EQ(rendered("{{ 2 ** 63 }} {{ (-2) ** 63 }}"),
              "9223372036854775808 -9223372036854775808");
}

TEST(Arithmetic, AddsAndRepeatsSequences) {
    EXPECT_EQ(
        rendered("{{ [1] + [2] }} {{ (1,) + (2,) }} {{ 'a' + 'b' }} {{ 'ab' * 2 }} "
                 "{{ 2 * [0] }} {{ 'a' * -1 }}|{{ [] * 99999999999 }}|{{ '' * 99999999999 }}"),
        "[1, 2] (1, 2) ab abab [0, 0] |[]|");
}

TEST(Arithmetic, NamesTheTypesThatDoNotGoTogether) {
    EXPECT_EQ(rendered("{{ 1 + 'a' }}"),
              "chat template, line 1: unsupported operand types for +: 'int' and 'str'");
    EXPECT_EQ(rendered("{{ [1] + (1,) }}"),
              "chat template, line 1: unsupported operand types for +: 'list' and 'tuple'");
    EXPECT_EQ(rendered("{{ -'a' }}"), "chat template, line 1: bad operand type for unary -: 'str'");
    EXPECT_EQ(rendered("{{ x - 1 }}"), "chat template, line 1: 'x' is undefined");
}

TEST(Arithmetic, Hazard075_RepeatsNoMoreThanFits) {
    EXPECT_EQ(rendered("{{ 'a' * 18446744073709551615 }}"),
              "chat template, line 1: makes a text of more than 8388608 bytes");
    EXPECT_EQ(rendered("{{ [0] * 18446744073709551615 }}"),
              "chat template, line 1: takes more than 2000000 steps");
}

TEST(Arithmetic, ResultsKeepTheirOrigin) {
    EXPECT_EQ(marked("{{ 'a' + x + 'b' }}", {{"x", "y"}}), "a{y}b");
    EXPECT_EQ(marked("{{ n + 1 }} {{ -n }} {{ 1 + 1 }}", {{"n", 2}}), "{3} {-2} 2");
    EXPECT_EQ(marked("{{ (x + '-') * 2 }}", {{"x", "y"}}), "{y}-{y}-");
}

// As jinja2: what stands beside text that went through `safe` is escaped.
TEST(Arithmetic, EscapesPlainTextBesideMarkup) {
    EXPECT_EQ(rendered("{{ '<'|safe + '<' }} {{ '<' + '&'|safe + '\"' }} {{ '<' ~ '<'|safe }}"),
              "<&lt; &lt;&&#34; <<");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
