// Values as text, the way Python prints them. Knows no JSON.
#pragma once

#include <string>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

std::string integer_text(Integer value);
// The shortest digits that give the same double: 0.1, 3.0, 1e+16, 1.5e-07, inf.
std::string real_text(double value);

// What {{ value }} writes: strings as they are, nothing for undefined, containers as literals.
void print(Rendering& run, const Value& value, TextBuilder& out);
Text to_text(Rendering& run, const Value& value);
// As it stands inside a printed list: strings quoted and escaped.
void print_literal(Rendering& run, const Value& value, TextBuilder& out, int depth = 0);

}  // namespace greenroom::runtime::jinja
