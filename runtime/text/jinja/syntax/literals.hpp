// Numbers and strings as a template writes them. Knows no tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/text/jinja/values/value.hpp"

namespace greenroom::runtime::jinja {

// 1_000, 0x1F, 0o17, 0b11; empty when it is none of these or needs more than 64 bits.
std::optional<Value> parse_integer_literal(std::string_view text);
std::optional<Value> parse_real_literal(std::string_view text);

// What stands between quotes with Python's escapes replaced; an unknown one stays as it is.
std::string unescaped(std::string_view quoted);

}  // namespace greenroom::runtime::jinja
