// One field of a format: its width, its alignment, its digits. Knows neither "%5d" nor "{:>5}".
#pragma once

#include <optional>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

struct FieldStyle {
    std::string fill = " ";
    char align = 0;           // < > ^ = (zeros between sign and digits), or none
    char sign = '-';          // - + or space: what stands before a positive number
    bool alternate = false;   // 0x before hexadecimal digits
    bool grouped = false;     // 1,000
    std::uint64_t width = 0;  // characters
    std::optional<int> precision = std::nullopt;
    char type = 0;  // d f g x …, or none
};

// What both notations read off the front of a field.
std::optional<std::uint64_t> take_number(std::string_view& from);  // past every limit when too long
bool take(std::string_view& from, char c);
void take_width_and_precision(std::string_view& from, FieldStyle& style);

bool is_integer_type(char type);
bool is_real_type(char type);

// `value` is a number.
void append_number(Rendering& run, const Value& value, FieldStyle style, TextBuilder& out);
void append_text(Rendering& run, const Text& text, const FieldStyle& style, TextBuilder& out);

}  // namespace greenroom::runtime::jinja
