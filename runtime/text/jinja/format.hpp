// Python's two ways to fill a format: "%s-%05.2f" and "{:>5} {name}". Knows no other use of text.
#pragma once

#include "runtime/text/jinja/run.hpp"

namespace greenroom::runtime::jinja {

// format % values, where several values are a tuple.
Value format_percent(Run& run, const Text& format, const Value& values);
// format.format(…). A field is a number or a name; nothing inside a value can be reached.
Value format_braces(Run& run, const Text& format, const Arguments& arguments);

}  // namespace greenroom::runtime::jinja
