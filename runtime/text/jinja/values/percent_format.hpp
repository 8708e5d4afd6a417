// Python's "%s-%05.2f" % values. Knows no other notation.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// Several values are a tuple.
Value format_percent(Rendering& run, const Text& format, const Value& values);

}  // namespace greenroom::runtime::jinja
