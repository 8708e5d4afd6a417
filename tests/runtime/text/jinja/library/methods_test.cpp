#include "runtime/text/jinja/library/methods.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

TEST(Methods, AreBoundToTheirValue) {
    Rendering run({}, 0);
    const Value method = find_method(run, run.string("abc"), "upper");
    ASSERT_TRUE(method.is(Kind::callable));
    Arguments none;
    EXPECT_EQ(method.callable().call(run, none).view(), "ABC");
    EXPECT_EQ(method.callable().name(), "upper");
}

TEST(Methods, BelongToTheirTypes) {
    Rendering run({}, 0);
    const Value text = run.string("");
    const Value list = run.list({});
    const Value dict = Value::dict(run.heap.make<Dict>());
    EXPECT_TRUE(find_method(run, dict, "items").is(Kind::callable));
    EXPECT_TRUE(find_method(run, list, "append").is(Kind::callable));
    EXPECT_TRUE(find_method(run, text, "items").is(Kind::undefined));
    EXPECT_TRUE(find_method(run, list, "upper").is(Kind::undefined));
    EXPECT_TRUE(find_method(run, Value::integer(1), "upper").is(Kind::undefined));
    EXPECT_TRUE(find_method(run, Value::space(run.heap.make<Dict>()), "items").is(Kind::undefined));
}

}  // namespace
}  // namespace greenroom::runtime::jinja
