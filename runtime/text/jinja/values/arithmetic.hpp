// The operators on values: + - * / // % ** and negation, as in Python. Knows no syntax.
#pragma once

#include "runtime/text/jinja/values/run.hpp"

namespace greenroom::runtime::jinja {

Value add(Run& run, const Value& a, const Value& b);
Value subtract(Run& run, const Value& a, const Value& b);
Value multiply(Run& run, const Value& a, const Value& b);
Value divide(Run& run, const Value& a, const Value& b);
Value floor_divide(Run& run, const Value& a, const Value& b);
Value remainder(Run& run, const Value& a, const Value& b);  // of strings: fills a format
Value power(Run& run, const Value& a, const Value& b);
Value negate(Run& run, const Value& a);

}  // namespace greenroom::runtime::jinja
