// The part of the parser that reads what stands between {{ and }}. Knows no statements.
#pragma once

#include <optional>
#include <vector>

#include "runtime/text/jinja/syntax/ast.hpp"
#include "runtime/text/jinja/syntax/token_stream.hpp"

namespace greenroom::runtime::jinja {

class ExpressionParser {
 public:
    explicit ExpressionParser(TokenStream& in) : in_(in) {}

    ExpressionPtr expression();           // with a conditional
    ExpressionPtr unconditional();        // without: as in {% for x in … if … %}
    ExpressionPtr expression_or_tuple();  // 1, 2
    ExpressionPtr unconditional_or_tuple();
    CallArguments call_arguments();     // from the ( on
    std::vector<FilterLink> filters();  // name(…)|name

 private:
    using Rule = ExpressionPtr (ExpressionParser::*)();

    ExpressionPtr tuple_of(Rule item);
    ExpressionPtr binary(int level);
    std::optional<Operator> take_operator(int level);
    ExpressionPtr unary();
    ExpressionPtr operand(bool with_filters);
    ExpressionPtr primary();
    ExpressionPtr name_or_constant();
    ExpressionPtr number();
    ExpressionPtr string();
    ExpressionPtr list();
    ExpressionPtr dict();
    ExpressionPtr parenthesized();
    void postfix(Path& path);
    void filters_and_tests(Path& path);
    Link subscript();
    FilterLink filter();
    TestLink test();

    TokenStream& in_;
};

}  // namespace greenroom::runtime::jinja
