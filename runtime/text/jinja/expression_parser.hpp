// The part of the parser that reads what stands between {{ and }}, and the token stream that both
// parts share. After the first problem the stream is at its end, so every loop stops.
#pragma once

#include <optional>

#include "runtime/text/jinja/ast.hpp"
#include "runtime/text/jinja/lexer.hpp"

namespace greenroom::runtime::jinja {

class TokenStream {
 public:
    // `tokens` end in Kind::end and outlive this.
    TokenStream(const std::vector<Token>& tokens, int depth_limit)
        : tokens_(tokens), depth_limit_(depth_limit) {}

    const Token& now() const { return tokens_[at_]; }
    const Token& next() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
    Token take();
    bool is(Token::Kind kind) const { return now().kind == kind; }
    bool is_symbol(std::string_view text) const;
    bool is_name(std::string_view text) const;
    bool take_symbol(std::string_view text);
    bool take_name(std::string_view text);
    void expect_symbol(std::string_view text);
    void expect_name(std::string_view text);
    std::string_view expect_identifier();
    void expect(Token::Kind kind, std::string_view what);

    void fail(std::string problem);
    void fail_unexpected(std::string_view expected);
    bool failed() const { return problem_.has_value(); }
    const io::Error& problem() const { return *problem_; }

    // Nesting of what is being parsed; false, and failed, past the limit.
    bool enter();
    void leave() { --depth_; }

 private:
    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int depth_limit_;
    std::optional<io::Error> problem_;
};

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
