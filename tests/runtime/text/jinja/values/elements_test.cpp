#include "runtime/text/jinja/values/elements.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::marked;
using tests::rendered;

std::string sliced(std::string_view bounds) {
    return rendered("{{ 'abcde'[" + std::string(bounds) + "] }} {{ [1,2,3][" + std::string(bounds) +
                    "] }}");
}

TEST(Slice, TakesBoundsAsPythonDoes) {
    EXPECT_EQ(sliced(":"), "abcde [1, 2, 3]");
    EXPECT_EQ(sliced("1:"), "bcde [2, 3]");
    EXPECT_EQ(sliced(":-1"), "abcd [1, 2]");
    EXPECT_EQ(sliced("::-1"), "edcba [3, 2, 1]");
    EXPECT_EQ(sliced("-2::-1"), "dcba [2, 1]");
    EXPECT_EQ(sliced("::2"), "ace [1, 3]");
    EXPECT_EQ(sliced("3:1"), " []");
    EXPECT_EQ(sliced("9:"), " []");
    EXPECT_EQ(sliced("none:none:none"), "abcde [1, 2, 3]");
}

TEST(Slice, Hazard075_TakesBoundsOfAnySize) {
    EXPECT_EQ(sliced("-18446744073709551615:18446744073709551615"), "abcde [1, 2, 3]");
    EXPECT_EQ(sliced("::18446744073709551615"), "a [1]");
    EXPECT_EQ(sliced("::-18446744073709551615"), "e [3]");
    EXPECT_EQ(sliced("::0"), "chat template, line 1: slice step cannot be zero");
    EXPECT_EQ(sliced("'a':"),
              "chat template, line 1: slice indices must be integers or none, not 'str'");
    EXPECT_EQ(sliced("::1.5"), "chat template, line 1: slice step must be an integer");
}

// The definition, item by item: i, i + step, … as long as it lies before the end.
std::string slowly(std::string_view text, Integer begin, Integer end, Integer step) {
    const auto size = static_cast<Integer>(text.size());
    const auto place = [&](Integer at) {
        if (at < 0) at += size;
        return step > 0 ? std::clamp(at, Integer{0}, size) : std::clamp(at, Integer{-1}, size - 1);
    };
    std::string out;
    for (Integer i = place(begin); step > 0 ? i < place(end) : i > place(end); i += step) {
        out += text[static_cast<std::size_t>(i)];
    }
    return out;
}

TEST(Slice, AgreesWithItsDefinition) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> bound(-8, 8);
    for (int i = 0; i < 2000; ++i) {
        Rendering run({}, 0);
        const std::string text = std::string("abcdef").substr(0, random() % 7);
        const int begin = bound(random);
        const int end = bound(random);
        const int step = bound(random);
        if (step == 0) continue;
        const Value out = slice(run,
                                run.string(text),
                                {Value::integer(begin), Value::integer(end), Value::integer(step)});
        EXPECT_EQ(out.view(), slowly(text, begin, end, step))
            << text << " " << begin << " " << end << " " << step;
    }
}

TEST(Slice, CountsCharactersAndKeepsTheirOrigin) {
    EXPECT_EQ(rendered("{{ 'zażółć'[2:4] }}"), "żó");
    EXPECT_EQ(marked("{{ ('ab' ~ x ~ 'ef')[1:5] }} {{ ('a' ~ x)[::-1] }}", {{"x", "cd"}}),
              "b{cd}e {dc}a");
}

TEST(Slice, OfWhatHasNoOrderIsUndefined) {
    EXPECT_EQ(rendered("{{ none[1:] is defined }} {{ {}[1:] is defined }}"), "False False");
    EXPECT_EQ(rendered("{{ x[1:] }}"), "chat template, line 1: 'x' is undefined");
}

TEST(Iterate, GoesThroughItemsKeysAndCharacters) {
    EXPECT_EQ(
        rendered(
            "{% for c in 'zó' %}<{{ c }}>{% endfor %}{% for k in {'a': 1} %}{{ k }}"
            "{% endfor %}{% for x in (1, 2) %}{{ x }}{% endfor %}{% for x in y %}z{% endfor %}"),
        "<z><ó>a12");
    EXPECT_EQ(rendered("{% for x in 5 %}{% endfor %}"),
              "chat template, line 1: 'int' object is not iterable");
}

TEST(Length, CountsItemsAndCharacters) {
    EXPECT_EQ(rendered("{{ 'zó'|length }}{{ [1]|length }}{{ {1: 2, 3: 4}|length }}{{ x|length }}"),
              "2120");
    EXPECT_EQ(rendered("{{ ([1]|map('string'))|length }}"),
              "chat template, line 1: object of type 'generator' has no len()");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
