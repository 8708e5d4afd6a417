// The filters of the template language, by name.
#pragma once

#include "runtime/text/jinja/library/operation.hpp"

namespace greenroom::runtime::jinja {

// Null when there is none of that name.
Operation find_filter(std::string_view name);
// Fails for an unknown name.
Value apply_filter(Rendering& run,
                   std::string_view name,
                   const Value& self,
                   const Arguments& arguments);

std::span<const NamedOperation> text_filters();
std::span<const NamedOperation> number_filters();
std::span<const NamedOperation> sequence_filters();
std::span<const NamedOperation> selection_filters();  // map, select, reject and their kin

}  // namespace greenroom::runtime::jinja
