#include "runtime/text/jinja/syntax/token_stream.hpp"

#include <fmt/format.h>

namespace greenroom::runtime::jinja {

Token TokenStream::take() {
    const Token token = now();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool TokenStream::is_symbol(std::string_view text) const {
    return is(Token::Kind::symbol) && now().text == text;
}

bool TokenStream::is_name(std::string_view text) const {
    return is(Token::Kind::name) && now().text == text;
}

bool TokenStream::take_symbol(std::string_view text) {
    const bool found = is_symbol(text);
    if (found) take();
    return found;
}

bool TokenStream::take_name(std::string_view text) {
    const bool found = is_name(text);
    if (found) take();
    return found;
}

void TokenStream::expect_symbol(std::string_view text) {
    if (!take_symbol(text)) fail_unexpected(fmt::format("'{}'", text));
}

void TokenStream::expect_name(std::string_view text) {
    if (!take_name(text)) fail_unexpected(fmt::format("'{}'", text));
}

std::string_view TokenStream::expect_identifier() {
    if (is(Token::Kind::name)) return take().text;
    fail_unexpected("a name");
    return {};
}

void TokenStream::expect(Token::Kind kind, std::string_view what) {
    if (is(kind)) {
        take();
    } else {
        fail_unexpected(what);
    }
}

void TokenStream::fail(std::string problem) {
    if (!problem_) problem_ = template_error(now().line, problem);
    at_ = tokens_.size() - 1;
}

void TokenStream::fail_unexpected(std::string_view expected) {
    const bool at_end = is(Token::Kind::end);
    fail(fmt::format("{}; expected {}",
                     at_end ? "the template ends" : fmt::format("found '{}'", now().text),
                     expected));
}

bool TokenStream::enter() {
    if (++depth_ > depth_limit_) fail(fmt::format("nested deeper than {} levels", depth_limit_));
    return !failed();
}

}  // namespace greenroom::runtime::jinja
