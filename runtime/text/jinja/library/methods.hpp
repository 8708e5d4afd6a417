// The methods that strings, lists and dicts have. There are no others: nothing else can be called
// on a value.
#pragma once

#include "runtime/text/jinja/library/operation.hpp"

namespace greenroom::runtime::jinja {

// A callable bound to `self`; undefined when it has no such method.
Value find_method(Rendering& run, const Value& self, std::string_view name);

Operation string_method(std::string_view name);  // null when there is none
Operation list_method(std::string_view name);
Operation dict_method(std::string_view name);

}  // namespace greenroom::runtime::jinja
