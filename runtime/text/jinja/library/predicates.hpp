// What may stand after `is`: defined, string, mapping, … (Jinja calls them tests.)
#pragma once

#include "runtime/text/jinja/values/run.hpp"

namespace greenroom::runtime::jinja {

using Predicate = bool (*)(Run& run, const Value& self, const Arguments& arguments);

Predicate find_predicate(std::string_view name);  // null when there is none
// Fails for an unknown name.
bool holds(Run& run, std::string_view name, const Value& self, const Arguments& arguments);

}  // namespace greenroom::runtime::jinja
