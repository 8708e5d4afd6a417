// The functions a template finds defined: range, namespace, dict, raise_exception, strftime_now,
// joiner. No others, so nothing outside the rendering can be reached.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// Undefined when there is none of that name.
Value find_global(Rendering& run, std::string_view name);

}  // namespace greenroom::runtime::jinja
