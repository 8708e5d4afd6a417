#include "runtime/text/jinja/syntax/parser.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/syntax/expression_parser.hpp"

namespace greenroom::runtime::jinja {
namespace {

class StatementParser {
 public:
    explicit StatementParser(TokenStream& in) : in_(in), expressions_(in) {}

    // Up to, and with, {% word of any of these %}, whose word is returned; "" is the end.
    std::string_view body(Body& out, std::initializer_list<std::string_view> ends) {
        std::string_view found;
        if (in_.enter()) found = statements(out, ends);
        in_.leave();
        return found;
    }

 private:
    std::string_view statements(Body& out, std::initializer_list<std::string_view> ends) {
        while (!in_.failed()) {
            const Token token = in_.take();
            if (token.kind == Token::Kind::end) break;
            if (token.kind == Token::Kind::text) {
                out.push_back({WriteText{token.text}, token.line});
            } else if (token.kind == Token::Kind::print) {
                out.push_back({Print{expressions_.expression_or_tuple()}, token.line});
                in_.expect(Token::Kind::print_end, "the end of the expression");
            } else {
                const std::string_view word = in_.expect_identifier();
                if (std::find(ends.begin(), ends.end(), word) != ends.end()) return word;
                statement(word, token.line, out);
            }
        }
        if (!in_.failed() && ends.size() > 0)
            in_.fail_unexpected(fmt::format("{{% {} %}}", *(ends.end() - 1)));
        return {};
    }

    void statement(std::string_view word, int line, Body& out) {
        using Rule = Statement::Form (StatementParser::*)();
        constexpr std::array kRules = std::to_array<std::pair<std::string_view, Rule>>({
            {"if", &StatementParser::if_block},
            {"for", &StatementParser::for_block},
            {"set", &StatementParser::set},
            {"macro", &StatementParser::macro},
            {"filter", &StatementParser::filter_block},
            {"call", &StatementParser::call_block},
            {"with", &StatementParser::with},
            {"break", &StatementParser::break_loop},
            {"continue", &StatementParser::continue_loop},
        });
        for (const auto& [name, rule] : kRules) {
            if (name == word) {
                out.push_back({(this->*rule)(), line});
                return;
            }
        }
        if (word == "generation") return inline_block(out, "endgeneration");
        if (word == "block") {
            in_.expect_identifier();
            return inline_block(out, "endblock");
        }
        in_.fail(fmt::format("unknown or misplaced statement '{}'", word));
    }

    void end_tag() { in_.expect(Token::Kind::block_end, "the end of the tag"); }

    // A block whose body is rendered where it stands.
    void inline_block(Body& out, std::string_view end) {
        end_tag();
        body(out, {end});
        if (end == "endblock" && in_.is(Token::Kind::name)) in_.take();
        end_tag();
    }

    Statement::Form if_block() {
        If out;
        std::string_view word = "if";
        while (word == "if" || word == "elif") {
            out.branches.emplace_back(expressions_.expression_or_tuple(), Body());
            end_tag();
            word = body(out.branches.back().second, {"elif", "else", "endif"});
        }
        if (word == "else") {
            end_tag();
            body(out.otherwise, {"endif"});
        }
        end_tag();
        return out;
    }

    Target target(bool nested = false) {
        Target out;
        if (in_.take_symbol("(")) {
            if (in_.enter()) out = target();
            in_.leave();
            in_.expect_symbol(")");
        } else {
            out.name = in_.expect_identifier();
            constexpr std::array<std::string_view, 6> kConstants = {
                "true", "false", "none", "True", "False", "None"};
            const auto* constant = std::find(kConstants.begin(), kConstants.end(), out.name);
            if (constant != kConstants.end()) in_.fail("a constant cannot be assigned to");
            if (in_.take_symbol(".")) out.attribute = in_.expect_identifier();
        }
        if (nested || !in_.is_symbol(",")) return out;
        Target several;
        several.parts.push_back(std::move(out));
        while (in_.take_symbol(",") && !in_.is_name("in") && !in_.is_symbol("=")) {
            several.parts.push_back(target(true));
        }
        return several;
    }

    Statement::Form for_block() {
        For out;
        out.target = target();
        in_.expect_name("in");
        out.over = expressions_.unconditional_or_tuple();
        if (in_.take_name("if")) out.filter = expressions_.expression();
        out.recursive = in_.take_name("recursive");
        end_tag();
        ++loops_;
        const std::string_view word = body(out.body, {"else", "endfor"});
        --loops_;
        if (word == "else") {
            end_tag();
            body(out.otherwise, {"endfor"});
        }
        end_tag();
        return out;
    }

    Statement::Form set() {
        Target to = target();
        if (in_.take_symbol("=")) {
            Set out{std::move(to), expressions_.expression_or_tuple()};
            end_tag();
            return out;
        }
        SetBlock out{std::move(to), {}, {}};
        if (in_.take_symbol("|")) out.filters = expressions_.filters();
        end_tag();
        body(out.body, {"endset"});
        end_tag();
        return out;
    }

    std::vector<Parameter> parameters() {
        std::vector<Parameter> out;
        in_.expect_symbol("(");
        while (!in_.failed() && !in_.is_symbol(")")) {
            out.push_back({in_.expect_identifier(), nullptr});
            if (in_.take_symbol("=")) out.back().otherwise = expressions_.expression();
            if (!in_.take_symbol(",")) break;
        }
        in_.expect_symbol(")");
        return out;
    }

    // break and continue do not reach out of a macro.
    void macro_body(MacroDefinition& macro, std::string_view end) {
        end_tag();
        const int loops = std::exchange(loops_, 0);
        body(macro.body, {end});
        loops_ = loops;
        end_tag();
    }

    Statement::Form macro() {
        MacroDefinition out;
        out.name = in_.expect_identifier();
        out.parameters = parameters();
        macro_body(out, "endmacro");
        return out;
    }

    Statement::Form call_block() {
        CallBlock out;
        out.caller.name = "caller";
        if (in_.is_symbol("(")) out.caller.parameters = parameters();
        out.call = expressions_.expression();
        const Path* path = out.call ? std::get_if<Path>(&out.call->form) : nullptr;
        if (path == nullptr || !std::holds_alternative<CallLink>(path->links.back())) {
            in_.fail_unexpected("a call");
        }
        macro_body(out.caller, "endcall");
        return out;
    }

    Statement::Form filter_block() {
        FilterBlock out;
        out.filters = expressions_.filters();
        end_tag();
        body(out.body, {"endfilter"});
        end_tag();
        return out;
    }

    Statement::Form with() {
        With out;
        while (!in_.failed() && !in_.is(Token::Kind::block_end)) {
            Target to = target(true);
            in_.expect_symbol("=");
            out.variables.emplace_back(std::move(to), expressions_.expression());
            if (!in_.take_symbol(",")) break;
        }
        end_tag();
        body(out.body, {"endwith"});
        end_tag();
        return out;
    }

    Statement::Form break_loop() {
        require_loop("break");
        return Break{};
    }

    Statement::Form continue_loop() {
        require_loop("continue");
        return Continue{};
    }

    void require_loop(std::string_view word) {
        if (loops_ == 0) in_.fail(fmt::format("'{}' stands outside of a loop", word));
        end_tag();
    }

    TokenStream& in_;
    ExpressionParser expressions_;
    int loops_ = 0;  // around the statement
};

}  // namespace

io::Result<std::unique_ptr<const ParsedTemplate>> parse_template(std::string_view source,
                                                                 const TemplateLimits& limits) {
    if (source.size() > limits.source_bytes) {
        return io::Error{fmt::format("chat template: has {} bytes; expected at most {}",
                                     source.size(),
                                     limits.source_bytes)};
    }
    auto out = std::make_unique<ParsedTemplate>();
    out->source = normalized_source(source);
    const io::Result<std::vector<Token>> tokens = tokenize(out->source);
    if (!tokens) return tokens.error();
    TokenStream stream(*tokens, limits.depth);
    StatementParser(stream).body(out->body, {});
    if (stream.failed()) return stream.problem();
    return std::unique_ptr<const ParsedTemplate>(std::move(out));
}

}  // namespace greenroom::runtime::jinja
