// The operators on values: + - * / // % ** and negation, as in Python. Knows no syntax.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

Value add(Rendering& run, const Value& a, const Value& b);
Value subtract(Rendering& run, const Value& a, const Value& b);
Value multiply(Rendering& run, const Value& a, const Value& b);
Value divide(Rendering& run, const Value& a, const Value& b);
Value floor_divide(Rendering& run, const Value& a, const Value& b);
Value remainder(Rendering& run, const Value& a, const Value& b);  // of strings: fills a format
Value power(Rendering& run, const Value& a, const Value& b);
Value negate(Rendering& run, const Value& a);

}  // namespace greenroom::runtime::jinja
