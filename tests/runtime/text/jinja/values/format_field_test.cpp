#include "runtime/text/jinja/values/format_field.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

std::string number(const Value& value, const FieldStyle& style) {
    Rendering run({}, 0);
    TextBuilder out(run.meter);
    append_number(run, value, style, out);
    return run.meter.failed() ? run.meter.problem() : out.take().bytes;
}

TEST(FormatField, WritesIntegersInTheirBase) {
    EXPECT_EQ(number(Value::integer(255), {.type = 'd'}), "255");
    EXPECT_EQ(number(Value::integer(255), {.type = 'x'}), "ff");
    EXPECT_EQ(number(Value::integer(-255), {.alternate = true, .type = 'X'}), "-0XFF");
    EXPECT_EQ(number(Value::integer(8), {.alternate = true, .type = 'o'}), "0o10");
    EXPECT_EQ(number(Value::integer(5), {.type = 'b'}), "101");
    EXPECT_EQ(number(Value::real(3.9), {.type = 'd'}), "3");
}

TEST(FormatField, WritesFloatsWithTheirDigits) {
    EXPECT_EQ(number(Value::real(3.14159), {.precision = 2, .type = 'f'}), "3.14");
    EXPECT_EQ(number(Value::integer(2), {.type = 'f'}), "2.000000");
    EXPECT_EQ(number(Value::real(12345.678), {.precision = 2, .type = 'e'}), "1.23e+04");
    EXPECT_EQ(number(Value::real(0.5), {.precision = 0, .type = '%'}), "50%");
    EXPECT_EQ(number(Value::real(3.0), {}), "3.0");
    EXPECT_EQ(number(Value::real(0.1), {.precision = 3, .type = 'g'}), "0.1");
}

TEST(FormatField, PlacesSignsZerosAndCommas) {
    EXPECT_EQ(number(Value::integer(-7), {.fill = "0", .align = '=', .width = 4}), "-007");
    EXPECT_EQ(number(Value::integer(7), {.sign = '+'}), "+7");
    EXPECT_EQ(number(Value::integer(1234567), {.grouped = true}), "1,234,567");
    EXPECT_EQ(number(Value::real(1234.5), {.grouped = true, .precision = 1, .type = 'f'}),
              "1,234.5");
    EXPECT_EQ(number(Value::integer(123), {.grouped = true}), "123");
    EXPECT_EQ(number(Value::integer(7), {.fill = "*", .align = '^', .width = 4}), "*7**");
}

TEST(FormatField, CutsTextToItsPrecision) {
    Rendering run({}, 0);
    TextBuilder out(run.meter);
    append_text(
        run, Text("zażółć", Origin::input), {.align = '>', .width = 5, .precision = 3}, out);
    const Text text = out.take();
    EXPECT_EQ(text.bytes, "  zaż");
    EXPECT_EQ(text.input, (std::vector<ByteRange>{{2, 6}}));
}

TEST(FormatField, Hazard075_BoundsWidthAndDigits) {
    EXPECT_EQ(number(Value::integer(1), {.width = std::uint64_t{1} << 40}),
              "makes a text of more than 8388608 bytes");
    EXPECT_EQ(number(Value::real(1), {.precision = 1 << 30, .type = 'f'}),
              "a precision of 1073741824 digits; expected at most 400");
    EXPECT_EQ(number(Value::real(1e300), {.type = 'd'}), "a float too large for an integer format");
    std::string_view digits = "99999999999999999999999x";
    EXPECT_EQ(take_number(digits), std::uint64_t{1} << 40);
    EXPECT_EQ(digits, "x");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
