#include "runtime/text/jinja/syntax/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "io/file.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

bool is_digit_character(char c) {
    return c >= '0' && c <= '9';
}
bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) {
    return starts_name(c) || is_digit_character(c);
}

class Lexer {
 public:
    explicit Lexer(std::string_view source) : source_(source) {}

    io::Result<std::vector<Token>> run() {
        while (!problem_ && at_ < source_.size()) lex_text_and_tag();
        if (problem_) return template_error(line_, *problem_);
        push(Token::Kind::end, 0);
        return std::move(tokens_);
    }

 private:
    void fail(std::string problem) {
        if (!problem_) problem_ = std::move(problem);
        brackets_.clear();
    }

    std::string_view rest() const { return source_.substr(at_); }

    void skip(std::size_t bytes) {
        const std::string_view skipped = source_.substr(at_, bytes);
        line_ += static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
        at_ += skipped.size();
    }

    void push(Token::Kind kind, std::size_t bytes) {
        tokens_.push_back({kind, line_, source_.substr(at_, bytes)});
        skip(bytes);
    }

    // Where the next {{, {% or {# stands; the end of the source when there is none.
    std::size_t next_tag() const {
        for (std::size_t at = at_;; ++at) {
            at = source_.find('{', at);
            if (at == std::string_view::npos || at + 1 == source_.size()) return source_.size();
            const char c = source_[at + 1];
            if (c == '{' || c == '%' || c == '#') return at;
        }
    }

    // `text` ends where a tag begins: without the white space that the tag takes.
    std::string_view stripped(std::string_view text, char sign, bool is_print) const {
        if (sign == '-') return trim_end(text);
        if (sign == '+' || is_print) return text;
        const std::size_t newline = text.rfind('\n');
        if (newline == std::string_view::npos && !at_line_start_) return text;
        const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
        return trim_start(text.substr(start)).empty() ? text.substr(0, start) : text;
    }

    void lex_text_and_tag() {
        const std::size_t tag = next_tag();
        const char sign = tag + 2 < source_.size() ? source_[tag + 2] : ' ';
        const bool is_tag = tag < source_.size();
        const bool is_print = is_tag && source_[tag + 1] == '{';
        const std::string_view all = source_.substr(at_, tag - at_);
        const std::string_view text = is_tag ? stripped(all, sign, is_print) : all;
        if (!text.empty()) tokens_.push_back({Token::Kind::text, line_, text});
        skip(all.size());
        if (!is_tag) return;
        const std::size_t opening = sign == '-' || (sign == '+' && !is_print) ? 3 : 2;
        if (source_[at_ + 1] == '#') return lex_comment(opening);
        if (is_print) return lex_tag(Token::Kind::print, opening);
        if (!lex_raw(opening)) lex_tag(Token::Kind::block, opening);
    }

    // Past the end of a tag, whose last two bytes are at `close`: -%} takes all white space, +%}
    // none, %} one line end.
    void leave_tag(std::size_t close, bool takes_newline, std::size_t begin) {
        const char sign = close > begin ? source_[close - 1] : ' ';
        skip(close + 2 - at_);
        const std::size_t start = at_;
        if (sign == '-') {
            skip(rest().size() - trim_start(rest()).size());
        } else if (sign != '+' && takes_newline && rest().starts_with('\n')) {
            skip(1);
        }
        at_line_start_ = at_ > start && source_[at_ - 1] == '\n';
    }

    void lex_comment(std::size_t opening) {
        const std::size_t begin = at_ + opening;
        const std::size_t close = source_.find("#}", begin);
        if (close == std::string_view::npos) return fail("a comment is not closed");
        leave_tag(close, true, begin);
    }

    // The length of "{% word %}" at `at`, up to its last two bytes; empty when it is not there.
    std::optional<std::size_t> tag_with(std::string_view word, std::size_t at) const {
        std::string_view inside = source_.substr(at);
        if (!inside.starts_with("{%")) return std::nullopt;
        inside.remove_prefix(2);
        if (inside.starts_with('-') || inside.starts_with('+')) inside.remove_prefix(1);
        inside = trim_start(inside);
        if (!inside.starts_with(word)) return std::nullopt;
        inside = trim_start(inside.substr(word.size()));
        if (inside.starts_with('-') || inside.starts_with('+')) inside.remove_prefix(1);
        if (!inside.starts_with("%}")) return std::nullopt;
        return static_cast<std::size_t>(inside.data() - source_.data()) - at;
    }

    bool lex_raw(std::size_t opening) {
        const auto length = tag_with("raw", at_);
        if (!length) return false;
        leave_tag(at_ + *length, false, at_ + opening);
        for (std::size_t at = at_;; ++at) {
            at = source_.find("{%", at);
            if (at == std::string_view::npos) {
                fail("a raw block is not closed");
                return true;
            }
            const auto end = tag_with("endraw", at);
            if (!end) continue;
            const std::string_view all = source_.substr(at_, at - at_);
            const std::string_view text = stripped(all, source_[at + 2], false);
            if (!text.empty()) tokens_.push_back({Token::Kind::text, line_, text});
            skip(all.size());
            leave_tag(at + *end, true, at + 2);
            return true;
        }
    }

    void lex_tag(Token::Kind kind, std::size_t opening) {
        push(kind, opening);
        const bool is_print = kind == Token::Kind::print;
        const std::string_view closing = is_print ? "}}" : "%}";
        while (!problem_) {
            skip(rest().size() - trim_start(rest()).size());
            if (rest().empty()) return fail("a tag is not closed");
            const std::size_t sign = rest()[0] == '-' || (rest()[0] == '+' && !is_print) ? 1 : 0;
            if (brackets_.empty() && rest().substr(sign).starts_with(closing)) {
                const std::size_t close = at_ + sign;
                tokens_.push_back(
                    {is_print ? Token::Kind::print_end : Token::Kind::block_end, line_, closing});
                return leave_tag(close, !is_print, at_);
            }
            lex_token();
        }
    }

    void lex_token() {
        const char c = rest()[0];
        if (starts_name(c)) return push(Token::Kind::name, name_length());
        if (is_digit_character(c)) return lex_number();
        if (c == '"' || c == '\'') return lex_string(c);
        lex_symbol();
    }

    std::size_t name_length() const {
        const auto* end = std::find_if_not(rest().begin(), rest().end(), continues_name);
        return static_cast<std::size_t>(end - rest().begin());
    }

    std::size_t digits_from(std::size_t from) const {
        std::size_t n = from;
        while (n < rest().size() && (is_digit_character(rest()[n]) || rest()[n] == '_')) ++n;
        return n;
    }

    void lex_number() {
        const std::string_view text = rest();
        const bool after_dot = !tokens_.empty() && tokens_.back().text == ".";
        if (text.size() > 2 && text[0] == '0' && starts_name(text[1]) && (text[1] | 0x20) != 'e') {
            return push(Token::Kind::integer, name_length());  // 0x1F; the parser checks it
        }
        std::size_t n = digits_from(0);
        if (after_dot) return push(Token::Kind::integer, n);
        bool real = false;
        if (n + 1 < text.size() && text[n] == '.' && is_digit_character(text[n + 1])) {
            n = digits_from(n + 1);
            real = true;
        }
        if (n < text.size() && (text[n] | 0x20) == 'e') {
            const bool sign = n + 1 < text.size() && (text[n + 1] == '+' || text[n + 1] == '-');
            const std::size_t digits = n + (sign ? 2 : 1);
            if (digits < text.size() && is_digit_character(text[digits])) {
                n = digits_from(digits);
                real = true;
            }
        }
        push(real ? Token::Kind::real : Token::Kind::integer, n);
    }

    void lex_string(char quote) {
        for (std::size_t n = 1; n < rest().size(); ++n) {
            if (rest()[n] == '\\') {
                ++n;
            } else if (rest()[n] == quote) {
                return push(Token::Kind::string, n + 1);
            }
        }
        fail("a string is not closed");
    }

    void lex_symbol() {
        constexpr std::array<std::string_view, 6> kPairs = {"//", "**", "==", "!=", ">=", "<="};
        for (const std::string_view pair : kPairs) {
            if (rest().starts_with(pair)) return push(Token::Kind::symbol, 2);
        }
        const char c = rest()[0];
        if (std::string_view("+-/*%~[](){}<>=.:|,;").find(c) == std::string_view::npos) {
            const std::size_t bytes = first_character(rest()).bytes;
            return fail(fmt::format("unexpected character '{}'", rest().substr(0, bytes)));
        }
        if (c == '(') brackets_ += ')';
        if (c == '[') brackets_ += ']';
        if (c == '{') brackets_ += '}';
        if (c == ')' || c == ']' || c == '}') {
            if (brackets_.empty()) return fail(fmt::format("unexpected '{}'", c));
            if (brackets_.back() != c) {
                return fail(fmt::format("unexpected '{}', expected '{}'", c, brackets_.back()));
            }
            brackets_.pop_back();
        }
        push(Token::Kind::symbol, 1);
    }

    std::string_view source_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool at_line_start_ = true;
    std::string brackets_;  // the closing ones that are due
    std::vector<Token> tokens_;
    std::optional<std::string> problem_;
};

}  // namespace

io::Error template_error(int line, std::string_view problem) {
    return {fmt::format("chat template, line {}: {}", line, io::printable(problem, 500))};
}

std::string normalized_source(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        const bool pair = source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n';
        if (!pair) out += source[i] == '\r' ? '\n' : source[i];
    }
    if (out.ends_with('\n')) out.pop_back();
    return out;
}

io::Result<std::vector<Token>> tokenize(std::string_view source) {
    return Lexer(source).run();
}

}  // namespace greenroom::runtime::jinja
