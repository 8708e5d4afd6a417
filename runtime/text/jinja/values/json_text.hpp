// JSON as the filter tojson writes it: like Python's json.dumps, with keys in their order and no
// HTML escapes.
#pragma once

#include <optional>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

struct JsonStyle {
    std::optional<std::string> indent;  // of one level; empty optional: all on one line
    std::string item_separator = ", ";
    std::string key_separator = ": ";
    bool ensure_ascii = false;
    bool sort_keys = false;
};

// Fails for what JSON cannot hold: undefined, functions, namespaces, generators.
Text to_json(Rendering& run, const Value& value, const JsonStyle& style);

}  // namespace greenroom::runtime::jinja
