#include "runtime/text/jinja/values/rendering.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

TEST(Rendering, FailsForAnIntegerOutOfRange) {
    Rendering run({}, 0);
    EXPECT_TRUE(run.integer(7).as_integer() == 7);
    EXPECT_TRUE(run.integer(Integer{1} << 64).is(Kind::undefined));
    EXPECT_TRUE(run.meter.failed());
}

TEST(Rendering, SaysWhatAnUndefinedValueLacks) {
    Rendering known({}, 0);
    known.fail_undefined(known.missing("'x' is undefined"));
    EXPECT_EQ(known.meter.problem(), "'x' is undefined");
    Rendering unknown({}, 0);
    unknown.fail_undefined(Value());
    EXPECT_EQ(unknown.meter.problem(), "an undefined value is used");
}

TEST(Bind, SortsArgumentsIntoParameters) {
    Rendering run({}, 0);
    const Arguments arguments{{Value::integer(1)}, {{"c", Value::integer(3)}}};
    const std::vector<Value> bound = bind(run, arguments, "f", {"a", "b", "c"});
    EXPECT_TRUE(bound[0].as_integer() == 1);
    EXPECT_TRUE(bound[1].is(Kind::undefined));
    EXPECT_TRUE(bound[2].as_integer() == 3);
    EXPECT_FALSE(run.meter.failed());
}

TEST(Bind, RefusesWhatDoesNotFit) {
    Rendering many({}, 0);
    bind(many, {{Value(), Value()}, {}}, "f", {"a"});
    EXPECT_EQ(many.meter.problem(), "f() takes at most 1 arguments, not 2");
    Rendering unknown({}, 0);
    bind(unknown, {{}, {{"z", Value()}}}, "f", {"a"});
    EXPECT_EQ(unknown.meter.problem(), "f() has no parameter 'z'");
}

TEST(Bind, GivesDefaultsForWhatIsAbsentAndRefusesOtherTypes) {
    Rendering run({}, 0);
    EXPECT_TRUE(integer_or(run, Value(), 4) == 4);
    EXPECT_TRUE(integer_or(run, Value::boolean(true), 4) == 1);
    EXPECT_EQ(text_or(run, Value(), "x").bytes, "x");
    EXPECT_FALSE(run.meter.failed());
    integer_or(run, run.string("a"), 4);
    EXPECT_EQ(run.meter.problem(), "expected an integer, not 'str'");
    Rendering other({}, 0);
    text_or(other, Value::integer(1), "");
    EXPECT_EQ(other.meter.problem(), "expected a string, not 'int'");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
