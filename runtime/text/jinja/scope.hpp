// The variables that a stretch of a template sees: its own, then those around it.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

struct Scope final : Object {
    explicit Scope(Ref<Scope> around) : around(std::move(around)) {}
    std::size_t footprint() const override;
    void clear() override;

    // Null when neither this one nor one around it has the variable.
    const Value* find(std::string_view name) const;
    // In this one; the name outlives it.
    void set(Rendering& run, std::string_view name, Value value);

    std::vector<std::pair<std::string_view, Value>> variables;
    Ref<Scope> around;
};

}  // namespace greenroom::runtime::jinja
