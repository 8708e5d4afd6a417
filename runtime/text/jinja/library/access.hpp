// How a value is reached inside another, by name or by key. Nothing but what a value holds and the
// listed methods can be reached.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

Value attribute(Rendering& run, const Value& from, std::string_view name);  // from.name
Value subscript(Rendering& run, const Value& from, const Value& key);       // from[key]

// "a.b.0" as filters take it: each part an attribute or an index.
Value dotted(Rendering& run, const Value& from, const Value& path);

}  // namespace greenroom::runtime::jinja
