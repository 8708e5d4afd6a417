// Python's "{:>5} {name}".format(…). Knows no other notation.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// A field is a number or a name; nothing inside a value can be reached.
Value format_braces(Rendering& run, const Text& format, const Arguments& arguments);

}  // namespace greenroom::runtime::jinja
