#include "runtime/text/jinja/values/compare.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(Compare, TruthIsThatOfPython) {
    Rendering run({}, 0);
    for (const Value& value : {Value(),
                               Value::none(),
                               Value::integer(0),
                               Value::real(-0.0),
                               Value::boolean(false),
                               run.string(""),
                               run.list({}),
                               Value::dict(run.heap.make<Dict>())}) {
        EXPECT_FALSE(is_true(value)) << type_name(value);
    }
    for (const Value& value : {Value::integer(-1),
                               Value::real(0.5),
                               run.string("0"),
                               run.list({Value()}),
                               run.list({}, List::Flavor::generator),
                               Value::space(run.heap.make<Dict>())}) {
        EXPECT_TRUE(is_true(value)) << type_name(value);
    }
}

TEST(Compare, NumbersAreEqualAcrossTheirKinds) {
    Rendering run({}, 0);
    EXPECT_TRUE(equal(run, Value::integer(1), Value::real(1.0)));
    EXPECT_TRUE(equal(run, Value::boolean(true), Value::integer(1)));
    EXPECT_FALSE(equal(run, Value::integer(1), run.string("1")));
    EXPECT_FALSE(equal(run, Value::none(), Value()));
}

TEST(Compare, ContainersAreEqualByTheirItems) {
    EXPECT_EQ(rendered("{{ [1, [2]] == [1, [2]] }} {{ [1] == (1,) }} {{ {1: 2} == {1.0: 2} }} "
                       "{{ {1: 2} == {1: 3} }} {{ {1: 2} == {2: 2} }}"),
              "True False True False False");
}

TEST(Compare, OrdersLikeWithLike) {
    EXPECT_EQ(rendered("{{ 1 < 1.5 }} {{ 'Z' < 'a' }} {{ 'é' > 'z' }} {{ [1, 2] < [1, 3] }} "
                       "{{ [1] < [1, 0] }} {{ (2,) < (1, 9) }}"),
              "True True True True True False");
    EXPECT_EQ(rendered("{{ 1 < 'a' }}"),
              "chat template, line 1: '<' not supported between 'int' and 'str'");
    EXPECT_EQ(rendered("{{ [1] < (1,) }}"),
              "chat template, line 1: '<' not supported between 'list' and 'tuple'");
}

TEST(Compare, MembershipIsOfItemsKeysAndSubstrings) {
    EXPECT_EQ(rendered("{{ 2.0 in [1, 2] }} {{ 'a' in {'a': 0} }} {{ 0 in {'a': 0} }} "
                       "{{ 'll' in 'hello' }} {{ '' in '' }} {{ 1 in nothing }}"),
              "True True False True True False");
    EXPECT_EQ(rendered("{{ 1 in 'a' }}"),
              "chat template, line 1: a string contains strings, not 'int'");
    EXPECT_EQ(rendered("{{ 1 in 5 }}"),
              "chat template, line 1: argument of type 'int' is not iterable");
}

TEST(Compare, StoreReplacesUnderAnEqualKey) {
    Rendering run({}, 0);
    const Ref<Dict> dict = run.heap.make<Dict>();
    store(run, *dict, Value::integer(1), run.string("a"));
    store(run, *dict, Value::boolean(true), run.string("b"));
    ASSERT_EQ(dict->entries.size(), 1u);
    EXPECT_EQ(dict->entries[0].second.view(), "b");
    EXPECT_TRUE(dict->entries[0].first.is(Kind::integer));
    store(run, *dict, run.list({}), Value());
    EXPECT_EQ(run.meter.problem(), "unhashable type: 'list'");
}

TEST(FindText, FindsTheFirstOccurrenceFromAPlaceOn) {
    Rendering run({}, 0);
    EXPECT_EQ(find_text(run, "abcabc", "bc", 0), 1u);
    EXPECT_EQ(find_text(run, "abcabc", "bc", 2), 4u);
    EXPECT_EQ(find_text(run, "abcabc", "bc", 5), std::string_view::npos);
    EXPECT_EQ(find_text(run, "abc", "", 3), 3u);
    EXPECT_EQ(find_text(run, "", "a", 0), std::string_view::npos);
}

// A needle of half a megabyte that almost matches everywhere: 10^11 steps if done naively.
TEST(FindText, Hazard075_ANeedleThatAlmostMatchesCostsLinearTime) {
    Rendering run({}, 0);
    const std::string text(1 << 20, 'a');
    const std::string needle = std::string(1 << 19, 'a') + "b";
    EXPECT_EQ(find_text(run, text, needle, 0), std::string_view::npos);
    EXPECT_FALSE(run.meter.failed());
}

}  // namespace
}  // namespace greenroom::runtime::jinja
