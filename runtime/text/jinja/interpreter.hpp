// Renders a parsed template. Knows the syntax tree and the operations on values, and nothing of
// where its variables come from.
#pragma once

#include "runtime/text/jinja/scope.hpp"
#include "runtime/text/jinja/syntax/ast.hpp"
#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

class Interpreter {
 public:
    // `run` and what the scopes name outlive this.
    explicit Interpreter(Rendering& run);

    // Variables that the template finds defined.
    void define(std::string_view name, Value value) { scope_->set(run_, name, std::move(value)); }
    // What the template writes; of use only when run.meter has not failed.
    Text render(const Body& body);

 private:
    enum class Flow : std::uint8_t { normal, left, continued };  // left: {% break %}
    struct Macro;
    struct Loop;
    class Nested;
    class InScope;

    Value evaluate(const Expression& expression);
    Value value_of(const Constant& form);
    Value value_of(const Literal& form);
    Value value_of(const Name& form);
    Value value_of(const ListDisplay& form);
    Value value_of(const DictDisplay& form);
    Value value_of(const Unary& form);
    Value value_of(const Chain& form);
    Value value_of(const Conditional& form);
    Value value_of(const Path& form);
    Value logical(const Chain& chain);
    Value comparison(const Chain& chain);
    Value concatenation(const Chain& chain);
    Value arithmetic(Operator op, const Value& a, const Value& b);
    bool compare(Operator op, const Value& a, const Value& b);

    Value follow(const AttributeLink& link, const Value& from);
    Value follow(const SubscriptLink& link, const Value& from);
    Value follow(const SliceLink& link, const Value& from);
    Value follow(const CallLink& link, const Value& from);
    Value follow(const FilterLink& link, const Value& from);
    Value follow(const TestLink& link, const Value& from);
    Arguments evaluate_arguments(const CallArguments& arguments);
    Value call(const Value& callee, Arguments& arguments);
    Value call_macro(const Macro& macro, Arguments& arguments);
    void bind_parameters(const MacroDefinition& macro, Arguments& arguments);
    Value call_loop(const Loop& loop, Arguments& arguments);

    Flow execute(const Body& body);
    Flow execute(const Statement& statement);
    Flow run(const WriteText& form);
    Flow run(const Print& form);
    Flow run(const If& form);
    Flow run(const For& form);
    Flow run(const Set& form);
    Flow run(const SetBlock& form);
    Flow run(const FilterBlock& form);
    Flow run(const MacroDefinition& form);
    Flow run(const CallBlock& form);
    Flow run(const With& form);
    Flow run(const Break&) { return Flow::left; }
    Flow run(const Continue&) { return Flow::continued; }

    Flow run_loop(const For& form, const Value& over, int depth);
    std::vector<Value> loop_items(const For& form, const Value& over);
    void assign(const Target& target, const Value& value);
    void assign_attribute(const Target& target, const Value& value);
    Value filtered(const std::vector<FilterLink>& filters, Text text);
    Value make_macro(const MacroDefinition& definition);
    Ref<Scope> inner_scope() { return run_.heap.make<Scope>(scope_); }
    // What `write` writes, instead of into the output.
    template <class Write>
    Text captured(Write write);

    Rendering& run_;
    Ref<Scope> scope_;
    TextBuilder* out_ = nullptr;
    int nesting_ = 0;  // of evaluations and executions
    int calls_ = 0;    // of macros, one inside the other
};

// A macro, or the body of a call block.
struct Interpreter::Macro final : Callable {
    Macro(Interpreter& interpreter, const MacroDefinition& definition, Ref<Scope> closure)
        : interpreter(interpreter), definition(definition), closure(std::move(closure)) {}
    Value call(Rendering&, Arguments& arguments) override {
        return interpreter.call_macro(*this, arguments);
    }
    Value attribute(Rendering& run, std::string_view name) override;
    std::string_view name() const override { return definition.name; }
    std::size_t footprint() const override { return sizeof(*this); }
    void clear() override { closure = {}; }

    Interpreter& interpreter;
    const MacroDefinition& definition;
    Ref<Scope> closure;
};

// The variable `loop`.
struct Interpreter::Loop final : Callable {
    Loop(Interpreter& interpreter, const For& statement, std::vector<Value> items, int depth)
        : interpreter(interpreter), statement(statement), items(std::move(items)), depth(depth) {}
    Value call(Rendering&, Arguments& arguments) override {
        return interpreter.call_loop(*this, arguments);
    }
    Value attribute(Rendering& run, std::string_view name) override;
    std::string_view name() const override { return "loop"; }
    std::size_t footprint() const override {
        return sizeof(*this) + items.capacity() * sizeof(Value);
    }
    void clear() override { std::vector<Value>().swap(items); }

    Interpreter& interpreter;
    const For& statement;
    std::vector<Value> items;
    std::size_t index = 0;
    int depth;
};

// Counts how deep evaluation has gone, for as long as it lives.
class Interpreter::Nested {
 public:
    explicit Nested(Interpreter& interpreter);
    ~Nested() { --interpreter_.nesting_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

 private:
    Interpreter& interpreter_;
};

// Makes a scope the current one, for as long as it lives.
class Interpreter::InScope {
 public:
    InScope(Interpreter& interpreter, Ref<Scope> scope)
        : interpreter_(interpreter), around_(std::exchange(interpreter.scope_, std::move(scope))) {}
    ~InScope() { interpreter_.scope_ = std::move(around_); }
    InScope(const InScope&) = delete;
    InScope& operator=(const InScope&) = delete;

 private:
    Interpreter& interpreter_;
    Ref<Scope> around_;
};

template <class Write>
Text Interpreter::captured(Write write) {
    TextBuilder text(run_.meter);
    TextBuilder* around = std::exchange(out_, &text);
    write();
    out_ = around;
    return text.take();
}

}  // namespace greenroom::runtime::jinja
