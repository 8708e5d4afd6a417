// What methods and filters have in common: a name, and a value they are applied to. Knows no
// particular one.
#pragma once

#include <span>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

using Operation = Value (*)(Rendering& run, const Value& self, const Arguments& arguments);

struct NamedOperation {
    std::string_view name;
    Operation apply;
};

// Null when the table has no such name.
inline Operation look_up(std::span<const NamedOperation> table, std::string_view name) {
    for (const NamedOperation& each : table) {
        if (each.name == name) return each.apply;
    }
    return nullptr;
}

}  // namespace greenroom::runtime::jinja
