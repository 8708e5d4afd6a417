// JSON as values of the template language. Knows no conversation.
#pragma once

#include "io/json.hpp"
#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// All of it marked with its origin; containers of the input are never changed.
Value from_json(Rendering& run, const io::Json& json, Origin origin, int depth = 0);

}  // namespace greenroom::runtime::jinja
