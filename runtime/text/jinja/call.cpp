#include <algorithm>
#include <fmt/format.h>

#include "runtime/text/jinja/interpreter.hpp"

namespace greenroom::runtime::jinja {

Value Interpreter::call_macro(const Macro& macro, Arguments& arguments) {
    const int line = run_.meter.line();
    const int limit = run_.meter.limits().depth;
    if (calls_ == limit) return run_.fail(fmt::format("macros call each other {} deep", limit));
    ++calls_;
    Text text = captured([&] {
        const InScope scope(*this, run_.heap.make<Scope>(macro.closure));
        bind_parameters(macro.definition, arguments);
        execute(macro.definition.body);
    });
    --calls_;
    run_.meter.at_line(line);
    return run_.string(std::move(text));
}

// Into the current scope. Defaults may use the parameters before them.
void Interpreter::bind_parameters(const MacroDefinition& macro, Arguments& arguments) {
    const std::vector<Parameter>& parameters = macro.parameters;
    if (arguments.positional.size() > parameters.size()) {
        run_.fail(
            fmt::format("macro '{}' takes at most {} arguments", macro.name, parameters.size()));
        return;
    }
    for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
        scope_->set(run_, parameters[i].name, arguments.positional[i]);
    }
    for (const auto& [name, value] : arguments.named) {
        const auto found = std::ranges::find(parameters, name, &Parameter::name);
        if (name != "caller" && found == parameters.end()) {
            run_.fail(fmt::format("macro '{}' has no parameter '{}'", macro.name, name));
            return;
        }
        scope_->set(run_, name, value);
    }
    for (std::size_t i = arguments.positional.size(); i < parameters.size(); ++i) {
        const Parameter& parameter = parameters[i];
        const auto is_it = [&](const auto& named) { return named.first == parameter.name; };
        if (std::any_of(arguments.named.begin(), arguments.named.end(), is_it)) continue;
        scope_->set(run_,
                    parameter.name,
                    parameter.otherwise ? evaluate(*parameter.otherwise)
                                        : run_.missing(fmt::format("parameter '{}' was not given",
                                                                   parameter.name)));
    }
}

Value Interpreter::Macro::attribute(Rendering& run, std::string_view name) {
    if (name == "name") return run.string(definition.name);
    if (name == "arguments") {
        std::vector<Value> names;
        for (const Parameter& each : definition.parameters) names.push_back(run.string(each.name));
        return run.list(std::move(names), List::Flavor::tuple);
    }
    return run.missing(fmt::format("a macro has no attribute '{}'", name));
}

// loop(items) inside a recursive loop: the same loop over those.
Value Interpreter::call_loop(const Loop& loop, Arguments& arguments) {
    const std::vector<Value> given = bind(run_, arguments, "loop", {"items"});
    if (!loop.statement.recursive) return run_.fail("loop() is for a recursive loop");
    return run_.string(captured([&] { run_loop(loop.statement, given[0], loop.depth + 1); }));
}

Value Interpreter::Loop::attribute(Rendering& run, std::string_view name) {
    const auto at = static_cast<Integer>(index);
    const auto size = static_cast<Integer>(items.size());
    if (name == "index") return Value::integer(at + 1);
    if (name == "index0") return Value::integer(at);
    if (name == "revindex") return Value::integer(size - at);
    if (name == "revindex0") return Value::integer(size - at - 1);
    if (name == "first") return Value::boolean(index == 0);
    if (name == "last") return Value::boolean(at + 1 == size);
    if (name == "length") return Value::integer(size);
    if (name == "depth") return Value::integer(depth);
    if (name == "depth0") return Value::integer(depth - 1);
    if (name == "previtem")
        return index == 0 ? run.missing("there is no item before") : items[index - 1];
    if (name == "nextitem")
        return at + 1 == size ? run.missing("there is no item after") : items[index + 1];
    return run.missing(fmt::format("loop has no attribute '{}'", name));
}

}  // namespace greenroom::runtime::jinja
