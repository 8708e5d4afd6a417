#include "runtime/text/jinja/interpreter.hpp"

#include <fmt/format.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

// One level of nesting in the source is up to this many evaluations inside each other; each takes
// less than 2 KiB of stack, in a build with sanitizers too.
constexpr int kEvaluationsPerLevel = 6;

}  // namespace

Interpreter::Nested::Nested(Interpreter& interpreter) : interpreter_(interpreter) {
    const int limit = interpreter.run_.meter.limits().depth * kEvaluationsPerLevel;
    if (++interpreter.nesting_ > limit) {
        interpreter.run_.fail(fmt::format("nested deeper than {} evaluations", limit));
    }
}

Interpreter::Interpreter(Rendering& run) : run_(run), scope_(run.heap.make<Scope>(Ref<Scope>())) {}

Text Interpreter::render(const Body& body) {
    return captured([&] { execute(body); });
}

Interpreter::Flow Interpreter::execute(const Body& body) {
    for (const Statement& statement : body) {
        const Flow flow = execute(statement);
        if (flow != Flow::normal || run_.meter.failed()) return flow;
    }
    return Flow::normal;
}

Interpreter::Flow Interpreter::execute(const Statement& statement) {
    const Nested nested(*this);
    if (!run_.meter.spend(1)) return Flow::normal;
    run_.meter.at_line(statement.line);
    return std::visit([&](const auto& form) { return run(form); }, statement.form);
}

Interpreter::Flow Interpreter::run(const WriteText& form) {
    out_->append(form.text);
    return Flow::normal;
}

Interpreter::Flow Interpreter::run(const Print& form) {
    print(run_, evaluate(*form.value), *out_);
    return Flow::normal;
}

Interpreter::Flow Interpreter::run(const If& form) {
    for (const auto& [condition, body] : form.branches) {
        if (is_true(evaluate(*condition))) return execute(body);
        if (run_.meter.failed()) return Flow::normal;
    }
    return execute(form.otherwise);
}

Interpreter::Flow Interpreter::run(const For& form) {
    return run_loop(form, evaluate(*form.over), 1);
}

// The items that the loop goes through: all, or those that its condition keeps.
std::vector<Value> Interpreter::loop_items(const For& form, const Value& over) {
    std::vector<Value> items = iterate(run_, over);
    if (!form.filter) return items;
    std::vector<Value> kept;
    for (const Value& item : items) {
        if (run_.meter.failed()) break;
        const InScope scope(*this, inner_scope());
        assign(form.target, item);
        if (is_true(evaluate(*form.filter))) kept.push_back(item);
    }
    return kept;
}

Interpreter::Flow Interpreter::run_loop(const For& form, const Value& over, int depth) {
    const Ref<Loop> loop = run_.heap.make<Loop>(*this, form, loop_items(form, over), depth);
    if (run_.meter.failed()) return Flow::normal;
    if (loop->items.empty()) {
        const InScope scope(*this, inner_scope());
        return execute(form.otherwise);
    }
    const Value loop_value = Value::callable(loop);
    for (; loop->index < loop->items.size() && run_.meter.spend(1); ++loop->index) {
        const InScope scope(*this, inner_scope());
        assign(form.target, loop->items[loop->index]);
        scope_->set(run_, "loop", loop_value);
        if (execute(form.body) == Flow::left) break;
    }
    return Flow::normal;
}

Interpreter::Flow Interpreter::run(const Set& form) {
    assign(form.target, evaluate(*form.value));
    return Flow::normal;
}

Interpreter::Flow Interpreter::run(const SetBlock& form) {
    Flow flow = Flow::normal;
    Text text = captured([&] {
        const InScope scope(*this, inner_scope());
        flow = execute(form.body);
    });
    assign(form.target, filtered(form.filters, std::move(text)));
    return flow;
}

Interpreter::Flow Interpreter::run(const FilterBlock& form) {
    Flow flow = Flow::normal;
    Text text = captured([&] {
        const InScope scope(*this, inner_scope());
        flow = execute(form.body);
    });
    print(run_, filtered(form.filters, std::move(text)), *out_);
    return flow;
}

Value Interpreter::filtered(const std::vector<FilterLink>& filters, Text text) {
    Value value = run_.string(std::move(text));
    for (const FilterLink& filter : filters) value = follow(filter, value);
    return value;
}

Interpreter::Flow Interpreter::run(const With& form) {
    const Ref<Scope> scope = inner_scope();
    for (const auto& [target, expression] : form.variables) {
        const Value value = evaluate(*expression);
        const InScope inside(*this, scope);
        assign(target, value);
    }
    const InScope inside(*this, scope);
    return execute(form.body);
}

Interpreter::Flow Interpreter::run(const MacroDefinition& form) {
    scope_->set(run_, form.name, make_macro(form));
    return Flow::normal;
}

Interpreter::Flow Interpreter::run(const CallBlock& form) {
    const Path& path = std::get<Path>(form.call->form);
    Value callee = evaluate(*path.base);
    for (std::size_t i = 0; i + 1 < path.links.size(); ++i) {
        callee = std::visit([&](const auto& link) { return follow(link, callee); }, path.links[i]);
    }
    Arguments arguments = evaluate_arguments(std::get<CallLink>(path.links.back()).arguments);
    arguments.named.emplace_back("caller", make_macro(form.caller));
    print(run_, call(callee, arguments), *out_);
    return Flow::normal;
}

void Interpreter::assign(const Target& target, const Value& value) {
    if (target.parts.empty()) {
        if (!target.attribute.empty()) return assign_attribute(target, value);
        return scope_->set(run_, target.name, value);
    }
    const std::vector<Value> items = iterate(run_, value);
    if (items.size() != target.parts.size()) {
        run_.fail(
            fmt::format("{} values to unpack into {} names", items.size(), target.parts.size()));
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) assign(target.parts[i], items[i]);
}

void Interpreter::assign_attribute(const Target& target, const Value& value) {
    const Value* space = scope_->find(target.name);
    if (space == nullptr || !space->is(Kind::space) || target.attribute.starts_with("__")) {
        run_.fail(fmt::format("cannot set {}.{}: only a namespace has attributes to set",
                              target.name,
                              target.attribute));
        return;
    }
    Dict& fields = space->dict();
    for (auto& [name, old] : fields.entries) {
        if (name.view() != target.attribute) continue;
        old = value;
        return;
    }
    fields.entries.emplace_back(run_.string(target.attribute), value);
    run_.heap.settle(fields);
}

Value Interpreter::make_macro(const MacroDefinition& definition) {
    return Value::callable(run_.heap.make<Macro>(*this, definition, scope_));
}

}  // namespace greenroom::runtime::jinja
