#include "runtime/text/jinja/syntax/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/syntax/literals.hpp"

namespace greenroom::runtime::jinja {
namespace {

// Operators by level, loosest first; `not` stands between level 1 and 2.
struct Level {
    std::string_view symbol;
    Operator op;
    int level;
};
constexpr std::array kOperators = std::to_array<Level>({
    {"or", Operator::logical_or, 0},
    {"and", Operator::logical_and, 1},
    {"==", Operator::equal, 2},
    {"!=", Operator::not_equal, 2},
    {"<", Operator::less, 2},
    {"<=", Operator::less_equal, 2},
    {">", Operator::greater, 2},
    {">=", Operator::greater_equal, 2},
    {"in", Operator::in, 2},
    {"+", Operator::add, 3},
    {"-", Operator::subtract, 3},
    {"~", Operator::concatenate, 4},
    {"*", Operator::multiply, 5},
    {"/", Operator::divide, 5},
    {"//", Operator::floor_divide, 5},
    {"%", Operator::remainder, 5},
    {"**", Operator::power, 6},
});
constexpr int kComparison = 2;
constexpr int kTightest = 6;

template <class Form>
ExpressionPtr make(int line, Form form) {
    return std::make_unique<Expression>(Expression{std::move(form), line});
}

// What can follow `is name` without being its argument.
bool ends_test(std::string_view name) {
    constexpr std::array<std::string_view, 7> kWords = {
        "and", "or", "else", "if", "in", "is", "not"};
    return std::find(kWords.begin(), kWords.end(), name) != kWords.end();
}

}  // namespace

ExpressionPtr ExpressionParser::expression() {
    const int line = in_.now().line;
    Conditional all;
    ExpressionPtr value = unconditional();
    while (in_.take_name("if")) {
        ExpressionPtr condition = unconditional();
        all.branches.emplace_back(std::move(condition), std::move(value));
        value = nullptr;
        if (!in_.take_name("else")) break;
        value = unconditional();
    }
    if (all.branches.empty()) return value;
    all.otherwise = std::move(value);
    return make(line, std::move(all));
}

ExpressionPtr ExpressionParser::unconditional() {
    ExpressionPtr out;
    if (in_.enter()) out = binary(0);
    in_.leave();
    return out;
}

ExpressionPtr ExpressionParser::expression_or_tuple() {
    return tuple_of(&ExpressionParser::expression);
}

ExpressionPtr ExpressionParser::unconditional_or_tuple() {
    return tuple_of(&ExpressionParser::unconditional);
}

ExpressionPtr ExpressionParser::tuple_of(Rule item) {
    const int line = in_.now().line;
    ExpressionPtr first = (this->*item)();
    if (!in_.is_symbol(",")) return first;
    ListDisplay tuple{{}, List::Flavor::tuple};
    tuple.items.push_back(std::move(first));
    while (in_.take_symbol(",")) {
        const bool ends =
            in_.is(Token::Kind::print_end) || in_.is(Token::Kind::block_end) || in_.is_symbol(")");
        if (ends) break;
        tuple.items.push_back((this->*item)());
    }
    return make(line, std::move(tuple));
}

std::optional<Operator> ExpressionParser::take_operator(int level) {
    if (!in_.is(Token::Kind::symbol) && !in_.is(Token::Kind::name)) return std::nullopt;
    if (level == kComparison && in_.is_name("not") && in_.next().text == "in") {
        in_.take();
        in_.take();
        return Operator::not_in;
    }
    for (const Level& each : kOperators) {
        if (each.level != level || each.symbol != in_.now().text) continue;
        in_.take();
        return each.op;
    }
    return std::nullopt;
}

ExpressionPtr ExpressionParser::binary(int level) {
    const int line = in_.now().line;
    if (level > kTightest) return operand(true);
    if (level == kComparison && in_.take_name("not")) {
        Unary negation{Operator::logical_not, nullptr};
        if (in_.enter()) negation.operand = binary(level);
        in_.leave();
        return make(line, std::move(negation));
    }
    Chain chain{binary(level + 1), {}};
    while (const auto op = take_operator(level)) chain.rest.emplace_back(*op, binary(level + 1));
    if (chain.rest.empty()) return std::move(chain.first);
    return make(line, std::move(chain));
}

ExpressionPtr ExpressionParser::operand(bool with_filters) {
    const int line = in_.now().line;
    Path path;
    if (in_.is_symbol("-") || in_.is_symbol("+")) {
        const bool minus = in_.take().text == "-";
        Unary sign{minus ? Operator::minus : Operator::plus, nullptr};
        if (in_.enter()) sign.operand = operand(false);
        in_.leave();
        path.base = make(line, std::move(sign));
    } else {
        path.base = primary();
        postfix(path);
    }
    if (with_filters) filters_and_tests(path);
    if (path.links.empty()) return std::move(path.base);
    return make(line, std::move(path));
}

void ExpressionParser::postfix(Path& path) {
    while (!in_.failed()) {
        if (in_.take_symbol(".")) {
            if (in_.is(Token::Kind::integer)) {
                path.links.emplace_back(SubscriptLink{number()});
            } else {
                path.links.emplace_back(AttributeLink{in_.expect_identifier()});
            }
        } else if (in_.is_symbol("[")) {
            path.links.push_back(subscript());
        } else if (in_.is_symbol("(")) {
            path.links.emplace_back(CallLink{call_arguments()});
        } else {
            return;
        }
    }
}

Link ExpressionParser::subscript() {
    in_.expect_symbol("[");
    SliceLink slice;
    if (!in_.is_symbol(":")) {
        ExpressionPtr key = expression_or_tuple();
        if (in_.take_symbol("]")) return SubscriptLink{std::move(key)};
        slice.begin = std::move(key);
    }
    in_.expect_symbol(":");
    if (!in_.is_symbol(":") && !in_.is_symbol("]")) slice.end = expression();
    if (in_.take_symbol(":") && !in_.is_symbol("]")) slice.step = expression();
    in_.expect_symbol("]");
    return slice;
}

void ExpressionParser::filters_and_tests(Path& path) {
    while (!in_.failed()) {
        if (in_.take_symbol("|")) {
            path.links.emplace_back(filter());
        } else if (in_.take_name("is")) {
            path.links.emplace_back(test());
        } else if (in_.is_symbol("(")) {
            path.links.emplace_back(CallLink{call_arguments()});
        } else {
            return;
        }
    }
}

std::vector<FilterLink> ExpressionParser::filters() {
    std::vector<FilterLink> out;
    do out.push_back(filter());
    while (in_.take_symbol("|"));
    return out;
}

FilterLink ExpressionParser::filter() {
    FilterLink out{in_.expect_identifier(), {}};
    if (in_.is_symbol("(")) out.arguments = call_arguments();
    return out;
}

TestLink ExpressionParser::test() {
    const bool negated = in_.take_name("not");
    TestLink out{in_.expect_identifier(), {}, negated};
    if (in_.is_symbol("(")) {
        out.arguments = call_arguments();
        return out;
    }
    const Token::Kind kind = in_.now().kind;
    const bool starts_argument = (kind == Token::Kind::name && !ends_test(in_.now().text)) ||
                                 kind == Token::Kind::string || kind == Token::Kind::integer ||
                                 kind == Token::Kind::real || in_.is_symbol("[") ||
                                 in_.is_symbol("{");
    if (starts_argument) {
        const int line = in_.now().line;
        Path argument{primary(), {}};
        postfix(argument);
        out.arguments.positional.push_back(make(line, std::move(argument)));
    }
    return out;
}

CallArguments ExpressionParser::call_arguments() {
    CallArguments out;
    in_.expect_symbol("(");
    while (!in_.failed() && !in_.is_symbol(")")) {
        if (in_.is_symbol("*") || in_.is_symbol("**")) in_.fail_unexpected("an argument");
        const bool named = in_.is(Token::Kind::name) && in_.next().text == "=";
        if (named) {
            const std::string_view name = in_.take().text;
            in_.take();
            out.named.emplace_back(name, expression());
        } else if (!out.named.empty()) {
            in_.fail("an argument without a name stands after one with a name");
        } else {
            out.positional.push_back(expression());
        }
        if (!in_.take_symbol(",")) break;
    }
    in_.expect_symbol(")");
    return out;
}

ExpressionPtr ExpressionParser::primary() {
    switch (in_.now().kind) {
        case Token::Kind::name:
            return name_or_constant();
        case Token::Kind::integer:
        case Token::Kind::real:
            return number();
        case Token::Kind::string:
            return string();
        default:
            break;
    }
    if (in_.is_symbol("(")) return parenthesized();
    if (in_.is_symbol("[")) return list();
    if (in_.is_symbol("{")) return dict();
    in_.fail_unexpected("an expression");
    return nullptr;
}

ExpressionPtr ExpressionParser::name_or_constant() {
    const Token token = in_.take();
    const std::string_view name = token.text;
    if (name == "true" || name == "True") return make(token.line, Constant{Value::boolean(true)});
    if (name == "false" || name == "False")
        return make(token.line, Constant{Value::boolean(false)});
    if (name == "none" || name == "None") return make(token.line, Constant{Value::none()});
    return make(token.line, Name{name});
}

ExpressionPtr ExpressionParser::number() {
    const Token token = in_.now();
    const auto value = token.kind == Token::Kind::real ? parse_real_literal(token.text)
                                                       : parse_integer_literal(token.text);
    if (!value) {
        in_.fail(fmt::format("'{}' is no number of at most 64 bits", token.text));
        return nullptr;
    }
    in_.take();
    return make(token.line, Constant{*value});
}

ExpressionPtr ExpressionParser::string() {
    const int line = in_.now().line;
    std::string text;
    while (in_.is(Token::Kind::string)) {
        const std::string_view quoted = in_.take().text;
        text += unescaped(quoted.substr(1, quoted.size() - 2));
    }
    return make(line, Literal{std::move(text)});
}

ExpressionPtr ExpressionParser::parenthesized() {
    const int line = in_.take().line;
    if (in_.take_symbol(")")) return make(line, ListDisplay{{}, List::Flavor::tuple});
    ExpressionPtr out = expression_or_tuple();
    in_.expect_symbol(")");
    return out;
}

ExpressionPtr ExpressionParser::list() {
    const int line = in_.take().line;
    ListDisplay out{{}, List::Flavor::list};
    while (!in_.failed() && !in_.is_symbol("]")) {
        out.items.push_back(expression());
        if (!in_.take_symbol(",")) break;
    }
    in_.expect_symbol("]");
    return make(line, std::move(out));
}

ExpressionPtr ExpressionParser::dict() {
    const int line = in_.take().line;
    DictDisplay out;
    while (!in_.failed() && !in_.is_symbol("}")) {
        ExpressionPtr key = expression();
        in_.expect_symbol(":");
        out.entries.emplace_back(std::move(key), expression());
        if (!in_.take_symbol(",")) break;
    }
    in_.expect_symbol("}");
    return make(line, std::move(out));
}

}  // namespace greenroom::runtime::jinja
