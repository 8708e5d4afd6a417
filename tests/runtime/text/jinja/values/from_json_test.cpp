#include "runtime/text/jinja/values/from_json.hpp"

#include <gtest/gtest.h>

#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

TEST(FromJson, KeepsKindsAndOrder) {
    Rendering run({}, 0);
    const auto json = io::parse_json(
        R"({"z": [1, -1, 3.0, 18446744073709551615, true, null, "s"], "a": {}})", "test");
    ASSERT_TRUE(json);
    EXPECT_EQ(to_text(run, from_json(run, *json, Origin::source)).bytes,
              "{'z': [1, -1, 3.0, 18446744073709551615, True, None, 's'], 'a': {}}");
}

TEST(FromJson, MarksAllOfIt) {
    Rendering run({}, 0);
    const Value value = from_json(run, {{"a", {1, "b"}}}, Origin::input);
    EXPECT_EQ(value.origin(), Origin::input);
    const auto& [key, list] = value.dict().entries[0];
    EXPECT_EQ(key.origin(), Origin::input);
    EXPECT_EQ(list.origin(), Origin::input);
    for (const Value& item : list.list().items) EXPECT_EQ(item.origin(), Origin::input);
}

TEST(FromJson, Hazard075_BoundsDepthAndSize) {
    io::Json deep = 1;
    for (int i = 0; i < 300; ++i) deep = io::Json::array({std::move(deep)});
    Rendering nested({}, 0);
    from_json(nested, deep, Origin::input);
    EXPECT_EQ(nested.meter.problem(), "nests values deeper than 200 levels");
    Rendering small({.memory_bytes = 10'000}, 0);
    from_json(small, std::string(20'000, 'x'), Origin::input);
    EXPECT_EQ(small.meter.problem(), "holds more than 10000 bytes of values");
    Rendering many({.steps = 100}, 0);
    from_json(many, std::vector<int>(200), Origin::input);
    EXPECT_EQ(many.meter.problem(), "takes more than 100 steps");
}

TEST(FromJson, TakesStringsThatAreNotUtf8) {
    Rendering run({}, 0);
    EXPECT_EQ(from_json(run, std::string("\xC3("), Origin::input).view(), "\xC3(");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
