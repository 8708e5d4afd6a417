#include <fmt/format.h>

#include "runtime/text/jinja/interpreter.hpp"
#include "runtime/text/jinja/library/access.hpp"
#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/library/globals.hpp"
#include "runtime/text/jinja/library/predicates.hpp"
#include "runtime/text/jinja/values/arithmetic.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {

Value Interpreter::evaluate(const Expression& expression) {
    const Nested nested(*this);
    if (!run_.meter.spend(1)) return {};
    run_.meter.at_line(expression.line);
    return std::visit([&](const auto& form) { return value_of(form); }, expression.form);
}

Value Interpreter::value_of(const Constant& form) {
    return form.value;
}
Value Interpreter::value_of(const Literal& form) {
    return run_.string(form.text);
}

Value Interpreter::value_of(const Name& form) {
    if (const Value* found = scope_->find(form.name)) return *found;
    Value global = find_global(run_, form.name);
    if (!global.is(Kind::undefined)) return global;
    return run_.missing(fmt::format("'{}' is undefined", form.name));
}

Value Interpreter::value_of(const ListDisplay& form) {
    std::vector<Value> items;
    items.reserve(form.items.size());
    for (const ExpressionPtr& item : form.items) items.push_back(evaluate(*item));
    return run_.list(std::move(items), form.flavor);
}

Value Interpreter::value_of(const DictDisplay& form) {
    const Ref<Dict> out = run_.heap.make<Dict>();
    for (const auto& [key, value] : form.entries) {
        const Value name = evaluate(*key);
        store(run_, *out, name, evaluate(*value));
    }
    return Value::dict(out);
}

Value Interpreter::value_of(const Unary& form) {
    const Value operand = evaluate(*form.operand);
    if (form.op == Operator::logical_not) return Value::boolean(!is_true(operand));
    if (form.op == Operator::minus) return negate(run_, operand);
    return add(run_, Value::integer(0), operand);
}

Value Interpreter::value_of(const Chain& chain) {
    switch (chain.rest.front().first) {
        case Operator::logical_or:
        case Operator::logical_and:
            return logical(chain);
        case Operator::equal:
        case Operator::not_equal:
        case Operator::less:
        case Operator::less_equal:
        case Operator::greater:
        case Operator::greater_equal:
        case Operator::in:
        case Operator::not_in:
            return comparison(chain);
        case Operator::concatenate:
            return concatenation(chain);
        default:
            break;
    }
    Value value = evaluate(*chain.first);
    for (const auto& [op, operand] : chain.rest) {
        if (run_.meter.failed()) return {};
        value = arithmetic(op, value, evaluate(*operand));
    }
    return value;
}

Value Interpreter::logical(const Chain& chain) {
    Value value = evaluate(*chain.first);
    for (const auto& [op, operand] : chain.rest) {
        if (is_true(value) == (op == Operator::logical_or)) break;
        value = evaluate(*operand);
    }
    return value;
}

Value Interpreter::comparison(const Chain& chain) {
    Value left = evaluate(*chain.first);
    for (const auto& [op, operand] : chain.rest) {
        Value right = evaluate(*operand);
        if (run_.meter.failed()) return {};
        if (!compare(op, left, right)) return Value::boolean(false);
        left = std::move(right);
    }
    return Value::boolean(true);
}

bool Interpreter::compare(Operator op, const Value& a, const Value& b) {
    switch (op) {
        case Operator::equal:
            return equal(run_, a, b);
        case Operator::not_equal:
            return !equal(run_, a, b);
        case Operator::less:
            return less(run_, a, b);
        case Operator::greater:
            return less(run_, b, a);
        case Operator::less_equal:
            return less(run_, a, b) || equal(run_, a, b);
        case Operator::greater_equal:
            return less(run_, b, a) || equal(run_, a, b);
        case Operator::in:
            return contains(run_, b, a);
        default:
            return !contains(run_, b, a);
    }
}

Value Interpreter::concatenation(const Chain& chain) {
    TextBuilder out(run_.meter);
    print(run_, evaluate(*chain.first), out);
    for (const auto& operand : chain.rest) {
        if (run_.meter.failed()) return {};
        print(run_, evaluate(*operand.second), out);
    }
    return run_.string(out.take());
}

Value Interpreter::arithmetic(Operator op, const Value& a, const Value& b) {
    switch (op) {
        case Operator::add:
            return add(run_, a, b);
        case Operator::subtract:
            return subtract(run_, a, b);
        case Operator::multiply:
            return multiply(run_, a, b);
        case Operator::divide:
            return divide(run_, a, b);
        case Operator::floor_divide:
            return floor_divide(run_, a, b);
        case Operator::remainder:
            return remainder(run_, a, b);
        default:
            return power(run_, a, b);
    }
}

Value Interpreter::value_of(const Conditional& form) {
    for (const auto& [condition, value] : form.branches) {
        if (is_true(evaluate(*condition))) return evaluate(*value);
        if (run_.meter.failed()) return {};
    }
    if (form.otherwise) return evaluate(*form.otherwise);
    return run_.missing("an inline if without else gave no value");
}

Value Interpreter::value_of(const Path& form) {
    Value value = evaluate(*form.base);
    for (const Link& link : form.links) {
        if (!run_.meter.spend(1)) return {};
        value = std::visit([&](const auto& each) { return follow(each, value); }, link);
    }
    return value;
}

Value Interpreter::follow(const AttributeLink& link, const Value& from) {
    return attribute(run_, from, link.name);
}

Value Interpreter::follow(const SubscriptLink& link, const Value& from) {
    return subscript(run_, from, evaluate(*link.key));
}

Value Interpreter::follow(const SliceLink& link, const Value& from) {
    const auto bound = [&](const ExpressionPtr& given) {
        return given ? evaluate(*given) : Value::none();
    };
    return slice(run_, from, {bound(link.begin), bound(link.end), bound(link.step)});
}

Value Interpreter::follow(const CallLink& link, const Value& from) {
    Arguments arguments = evaluate_arguments(link.arguments);
    return call(from, arguments);
}

Value Interpreter::follow(const FilterLink& link, const Value& from) {
    return apply_filter(run_, link.name, from, evaluate_arguments(link.arguments));
}

Value Interpreter::follow(const TestLink& link, const Value& from) {
    const bool passes = holds(run_, link.name, from, evaluate_arguments(link.arguments));
    return Value::boolean(passes != link.negated);
}

Arguments Interpreter::evaluate_arguments(const CallArguments& arguments) {
    Arguments out;
    for (const ExpressionPtr& each : arguments.positional) {
        out.positional.push_back(evaluate(*each));
    }
    for (const auto& [name, value] : arguments.named)
        out.named.emplace_back(name, evaluate(*value));
    return out;
}

Value Interpreter::call(const Value& callee, Arguments& arguments) {
    if (run_.meter.failed()) return {};
    if (callee.is(Kind::undefined)) return run_.fail_undefined(callee);
    if (callee.is(Kind::callable)) return callee.callable().call(run_, arguments);
    return run_.fail(fmt::format("'{}' object is not callable", type_name(callee)));
}

}  // namespace greenroom::runtime::jinja
