// A parsed template. Chains (a + b + c, x.y[0]|f) are flat, so that the depth of the tree is the
// nesting of the source. Names are views into the source.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/text/jinja/values/value.hpp"

namespace greenroom::runtime::jinja {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct CallArguments {
    std::vector<ExpressionPtr> positional;
    std::vector<std::pair<std::string_view, ExpressionPtr>> named;
};

// ---- what an expression is

struct Constant {
    Value value;  // a scalar: it needs no heap
};
struct Literal {
    std::string text;
};
struct Name {
    std::string_view name;
};
struct ListDisplay {
    std::vector<ExpressionPtr> items;
    List::Flavor flavor;
};
struct DictDisplay {
    std::vector<std::pair<ExpressionPtr, ExpressionPtr>> entries;
};
enum class Operator : std::uint8_t {
    logical_or,
    logical_and,
    logical_not,
    add,
    subtract,
    multiply,
    divide,
    floor_divide,
    remainder,
    power,
    concatenate,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    not_in,
    plus,
    minus,
};
struct Unary {
    Operator op;  // logical_not, plus, minus
    ExpressionPtr operand;
};
// first op operand op operand …, all of one precedence; comparisons as in Python: a < b < c.
struct Chain {
    ExpressionPtr first;
    std::vector<std::pair<Operator, ExpressionPtr>> rest;
};
// value if condition else value if condition else otherwise
struct Conditional {
    std::vector<std::pair<ExpressionPtr, ExpressionPtr>> branches;  // condition, value
    ExpressionPtr otherwise;                                        // may be null
};

struct AttributeLink {
    std::string_view name;
};
struct SubscriptLink {
    ExpressionPtr key;
};
struct SliceLink {
    ExpressionPtr begin, end, step;  // any may be null
};
struct CallLink {
    CallArguments arguments;
};
struct FilterLink {
    std::string_view name;
    CallArguments arguments;
};
struct TestLink {
    std::string_view name;
    CallArguments arguments;
    bool negated;
};
using Link = std::variant<AttributeLink, SubscriptLink, SliceLink, CallLink, FilterLink, TestLink>;
// A value and what is done to it, in order.
struct Path {
    ExpressionPtr base;
    std::vector<Link> links;
};

struct Expression {
    using Form = std::
        variant<Constant, Literal, Name, ListDisplay, DictDisplay, Unary, Chain, Conditional, Path>;
    Form form;
    int line;
};

// ---- what a statement is

struct Statement;
using Body = std::vector<Statement>;

struct Target {
    std::string_view name;       // of a variable, or of a namespace
    std::string_view attribute;  // empty, or what to set in that namespace
    std::vector<Target> parts;   // not empty: unpack into these
};

struct WriteText {
    std::string_view text;
};
struct Print {
    ExpressionPtr value;
};
struct If {
    std::vector<std::pair<ExpressionPtr, Body>> branches;
    Body otherwise;
};
struct For {
    Target target;
    ExpressionPtr over;
    ExpressionPtr filter;  // may be null
    Body body, otherwise;
    bool recursive = false;
};
struct Set {
    Target target;
    ExpressionPtr value;
};
struct SetBlock {
    Target target;
    std::vector<FilterLink> filters;
    Body body;
};
struct FilterBlock {
    std::vector<FilterLink> filters;
    Body body;
};
struct Parameter {
    std::string_view name;
    ExpressionPtr otherwise;  // null: undefined
};
struct MacroDefinition {
    std::string_view name;
    std::vector<Parameter> parameters;
    Body body;
};
struct CallBlock {
    MacroDefinition caller;
    ExpressionPtr call;  // a Path that ends in a call
};
struct With {
    std::vector<std::pair<Target, ExpressionPtr>> variables;
    Body body;
};
struct Break {};
struct Continue {};

struct Statement {
    using Form = std::variant<WriteText,
                              Print,
                              If,
                              For,
                              Set,
                              SetBlock,
                              FilterBlock,
                              MacroDefinition,
                              CallBlock,
                              With,
                              Break,
                              Continue>;
    Form form;
    int line;
};

// Not to be moved: its parts view its source.
struct ParsedTemplate {
    std::string source;
    Body body;
};

}  // namespace greenroom::runtime::jinja
