#include "runtime/text/jinja/values/value.hpp"

#include <gtest/gtest.h>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {
namespace {

constexpr Integer kMost = (Integer{1} << 64) - 1;

TEST(Value, HoldsIntegersOf64BitsAndASign) {
    for (const Integer value : {Integer{0}, Integer{-1}, kMost, -kMost}) {
        ASSERT_TRUE(Value::is_in_range(value));
        EXPECT_TRUE(Value::integer(value).as_integer() == value);
    }
    EXPECT_FALSE(Value::is_in_range(kMost + 1));
    EXPECT_FALSE(Value::is_in_range(-kMost - 1));
}

TEST(Value, BooleansAreNumbersToo) {
    EXPECT_TRUE(Value::boolean(true).is_number());
    EXPECT_TRUE(Value::boolean(true).as_integer() == 1);
    EXPECT_EQ(Value::integer(3).as_real(), 3.0);
    EXPECT_EQ(Value::real(-0.5).as_real(), -0.5);
}

TEST(Value, CopiesShareTheObject) {
    Rendering run({}, 0);
    const Value list = run.list({Value::integer(1)});
    const Value copy = list;  // NOLINT: that is the test
    copy.list().items.push_back(Value::integer(2));
    EXPECT_EQ(list.list().items.size(), 2u);
    EXPECT_TRUE(copy.is_same(list));
    EXPECT_FALSE(copy.is_same(run.list({})));
}

TEST(Value, WhatWasMovedFromIsUndefined) {
    Rendering run({}, 0);
    Value text = run.string("a");
    const Value moved = std::move(text);
    EXPECT_TRUE(text.is(Kind::undefined));  // NOLINT: that is the test
    EXPECT_EQ(moved.view(), "a");
}

TEST(Value, AnUndefinedOneSaysWhatIsMissing) {
    Rendering run({}, 0);
    EXPECT_EQ(run.missing("'x' is undefined").missing(), "'x' is undefined");
    EXPECT_EQ(Value().missing(), "");
}

TEST(Value, KnowsItsOrigin) {
    Rendering run({}, 0);
    EXPECT_EQ(Value::integer(1, Origin::input).origin(), Origin::input);
    EXPECT_EQ(Value::none().origin(), Origin::source);
    EXPECT_EQ(run.string(Text("a", Origin::input)).origin(), Origin::input);
    EXPECT_EQ(run.list({run.string(Text("a", Origin::input))}).origin(), Origin::source);
}

TEST(Value, TypesAreCalledAsInPython) {
    Rendering run({}, 0);
    EXPECT_EQ(type_name(Value()), "Undefined");
    EXPECT_EQ(type_name(Value::none()), "NoneType");
    EXPECT_EQ(type_name(Value::boolean(true)), "bool");
    EXPECT_EQ(type_name(Value::integer(1)), "int");
    EXPECT_EQ(type_name(Value::real(1)), "float");
    EXPECT_EQ(type_name(run.string("")), "str");
    EXPECT_EQ(type_name(run.list({}, List::Flavor::tuple)), "tuple");
    EXPECT_EQ(type_name(Value::dict(run.heap.make<Dict>())), "dict");
}

TEST(Dict, FindsByName) {
    Rendering run({}, 0);
    Dict dict;
    dict.entries.emplace_back(Value::integer(1), Value::integer(10));
    dict.entries.emplace_back(run.string("a"), Value::integer(20));
    ASSERT_NE(dict.find("a"), nullptr);
    EXPECT_TRUE(dict.find("a")->as_integer() == 20);
    EXPECT_EQ(dict.find("1"), nullptr);
}

}  // namespace
}  // namespace greenroom::runtime::jinja
