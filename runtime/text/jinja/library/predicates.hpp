// What may stand after `is`: defined, string, mapping, … (Jinja calls them tests.)
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

using Predicate = bool (*)(Rendering& run, const Value& self, const Arguments& arguments);

Predicate find_predicate(std::string_view name);  // null when there is none
// Fails for an unknown name.
bool holds(Rendering& run, std::string_view name, const Value& self, const Arguments& arguments);

}  // namespace greenroom::runtime::jinja
