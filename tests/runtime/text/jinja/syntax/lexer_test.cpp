#include "runtime/text/jinja/syntax/lexer.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

// Every token's text, with text between tags in quotes; or the error.
std::string shown(std::string_view source) {
    const auto tokens = tokenize(source);
    if (!tokens) return tokens.error().message;
    std::string out;
    for (const Token& token : *tokens) {
        if (token.kind == Token::Kind::end) break;
        if (!out.empty()) out += ' ';
        out += token.kind == Token::Kind::text ? "'" + std::string(token.text) + "'"
                                               : std::string(token.text);
    }
    return out;
}

TEST(Lexer, TellsTextFromTags) {
    EXPECT_EQ(shown("a{{ b }}c{% if d %}e{# f #}g"), "'a' {{ b }} 'c' {% if d %} 'e' 'g'");
    EXPECT_EQ(shown("{ } {x} }} %} #}"), "'{ } {x} }} %} #}'");
    EXPECT_EQ(shown(""), "");
}

TEST(Lexer, ABlockTakesItsLineEndAndTheSpacesBeforeIt) {
    EXPECT_EQ(shown("a\n  {% x %}\n b"), "'a\n' {% x %} ' b'");
    EXPECT_EQ(shown("  {# c #}\n b"), "' b'");
    EXPECT_EQ(shown("a {% x %} b"), "'a ' {% x %} ' b'");
    EXPECT_EQ(shown("{% x %}\n\nb"), "{% x %} '\nb'");
    EXPECT_EQ(shown("{% x %}\n  {% y %}"), "{% x %} {% y %}");
    EXPECT_EQ(shown("{{ a }}  {% x %}"), "{{ a }} '  ' {% x %}");
    EXPECT_EQ(shown("{{ a }}\n  {{ b }}"), "{{ a }} '\n  ' {{ b }}");
}

TEST(Lexer, SignsSayHowMuchWhiteSpaceGoes) {
    EXPECT_EQ(shown("a \n {%- x -%} \n b"), "'a' {%- x %} 'b'");
    EXPECT_EQ(shown("a {{- b -}} c"), "'a' {{- b }} 'c'");
    EXPECT_EQ(shown("a {#- b -#} c"), "'a' 'c'");
    EXPECT_EQ(shown("  {%+ x +%}\nb"), "'  ' {%+ x %} '\nb'");
    EXPECT_EQ(shown("a\u2003{{- b }}"), "'a' {{- b }}");
}

TEST(Lexer, RawBlocksAreText) {
    EXPECT_EQ(shown("a{% raw %}{{ b }}{% if %}{% endraw %}c"), "'a' '{{ b }}{% if %}' 'c'");
    EXPECT_EQ(shown("{%- raw -%} {{ {%- endraw -%} c"), "'{{' 'c'");
}

TEST(Lexer, ReadsNumbersNamesStringsAndSymbols) {
    EXPECT_EQ(shown("{{ 1 1.5 1e3 1.5e-7 1_000 0x1F }}"), "{{ 1 1.5 1e3 1.5e-7 1_000 0x1F }}");
    EXPECT_EQ(shown("{{ a.0.1 1.x }}"), "{{ a . 0 . 1 1 . x }}");
    EXPECT_EQ(shown("{{ a//b**c!=d<=e }}"), "{{ a // b ** c != d <= e }}");
    EXPECT_EQ(shown(R"({{ "a\"b" 'c}}' }})"), R"({{ "a\"b" 'c}}' }})");
}

TEST(Lexer, ATagEndsOutsideOfBrackets) {
    EXPECT_EQ(shown("{{ {'a': {'b': 1}} }}"), "{{ { 'a' : { 'b' : 1 } } }}");
    EXPECT_EQ(shown("{{ a[ }}"), "chat template, line 1: unexpected '}', expected ']'");
    EXPECT_EQ(shown("{{ ) }}"), "chat template, line 1: unexpected ')'");
}

TEST(Lexer, NamesTheLineOfWhatIsNotClosed) {
    EXPECT_EQ(shown("a\nb {{ c"), "chat template, line 2: a tag is not closed");
    EXPECT_EQ(shown("a\n\n{# c"), "chat template, line 3: a comment is not closed");
    EXPECT_EQ(shown("{% raw %}\n{{"), "chat template, line 1: a raw block is not closed");
    EXPECT_EQ(shown("{{ 'a }}"), "chat template, line 1: a string is not closed");
    EXPECT_EQ(shown("{{ 'a\\"), "chat template, line 1: a string is not closed");
    EXPECT_EQ(shown("{{ \x01 }}"), "chat template, line 1: unexpected character '\\x01'");
}

TEST(Lexer, CountsLines) {
    const std::string source = "a\n\n{% x\n %}\n{{ y }}";
    const auto tokens = tokenize(source);
    ASSERT_TRUE(tokens);
    EXPECT_EQ((*tokens)[2].text, "x");
    EXPECT_EQ((*tokens)[2].line, 3);
    EXPECT_EQ((*tokens)[5].text, "y");
    EXPECT_EQ((*tokens)[5].line, 5);
}

TEST(NormalizedSource, HasOneKindOfLineEndAndNoneAtTheEnd) {
    EXPECT_EQ(normalized_source("a\r\nb\rc\n"), "a\nb\nc");
    EXPECT_EQ(normalized_source("a\n\n"), "a\n");
    EXPECT_EQ(normalized_source("\r\n"), "");
    EXPECT_EQ(normalized_source(""), "");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
