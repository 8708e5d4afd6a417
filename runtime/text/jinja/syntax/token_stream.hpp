// The tokens of a template as the parsers take them. After the first problem the stream is at its
// end, so every loop of a parser stops. Knows no grammar.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/jinja/syntax/lexer.hpp"

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

}  // namespace greenroom::runtime::jinja
