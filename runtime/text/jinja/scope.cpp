#include "runtime/text/jinja/scope.hpp"

namespace greenroom::runtime::jinja {

std::size_t Scope::footprint() const {
    return sizeof(*this) + variables.capacity() * sizeof(variables[0]);
}

void Scope::clear() {
    variables.clear();
    around = {};
}

const Value* Scope::find(std::string_view name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->around.get()) {
        for (const auto& [own_name, value] : scope->variables) {
            if (own_name == name) return &value;
        }
    }
    return nullptr;
}

void Scope::set(Rendering& run, std::string_view name, Value value) {
    for (auto& [own_name, old] : variables) {
        if (own_name != name) continue;
        old = std::move(value);
        return;
    }
    variables.emplace_back(name, std::move(value));
    run.heap.settle(*this);
}

}  // namespace greenroom::runtime::jinja
