#include "runtime/text/jinja/syntax/parser.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

std::string problem(std::string_view source) {
    const auto parsed = parse_template(source, {});
    return parsed ? "" : parsed.error().message;
}

TEST(Parser, BuildsABodyOfStatements) {
    const auto parsed =
        parse_template("a{{ b }}{% if c %}d{% elif e %}f{% else %}g{% endif %}", {});
    ASSERT_TRUE(parsed);
    const Body& body = (*parsed)->body;
    ASSERT_EQ(body.size(), 3u);
    EXPECT_EQ(std::get<WriteText>(body[0].form).text, "a");
    EXPECT_TRUE(std::holds_alternative<Print>(body[1].form));
    const If& choice = std::get<If>(body[2].form);
    EXPECT_EQ(choice.branches.size(), 2u);
    EXPECT_EQ(choice.otherwise.size(), 1u);
}

TEST(Parser, KnowsEveryStatement) {
    for (const char* source :
         {"{% for a, (b, c) in d if e recursive %}{% break %}{% else %}{% endfor %}",
          "{% set a, b.c = 1, 2 %}",
          "{% set a | upper | trim %}x{% endset %}",
          "{% macro f(a, b=1) %}x{% endmacro %}",
          "{% call(x) f(1) %}y{% endcall %}",
          "{% filter upper %}x{% endfilter %}",
          "{% with a = 1, b = 2 %}x{% endwith %}{% with %}{% endwith %}",
          "{% generation %}x{% endgeneration %}",
          "{% block a %}x{% endblock a %}",
          "{% for a in b %}{% continue %}{% endfor %}"}) {
        EXPECT_EQ(problem(source), "") << source;
    }
}

TEST(Parser, NamesTheLineAndWhatIsDue) {
    EXPECT_EQ(problem("\n{% if a %}"),
              "chat template, line 2: the template ends; expected {% endif %}");
    EXPECT_EQ(problem("{% endfor %}"),
              "chat template, line 1: unknown or misplaced statement 'endfor'");
    EXPECT_EQ(problem("{% for a in b %}{% endif %}"),
              "chat template, line 1: unknown or misplaced statement 'endif'");
    EXPECT_EQ(problem("{% for a b %}{% endfor %}"),
              "chat template, line 1: found 'b'; expected 'in'");
    EXPECT_EQ(problem("{% set = 1 %}"), "chat template, line 1: found '='; expected a name");
    EXPECT_EQ(problem("{% set none = 1 %}"),
              "chat template, line 1: a constant cannot be assigned to");
    EXPECT_EQ(problem("{% %}"), "chat template, line 1: found '%}'; expected a name");
    EXPECT_EQ(problem("{% call x %}{% endcall %}"),
              "chat template, line 1: found '%}'; expected a call");
}

TEST(Parser, BreakStandsInALoop) {
    EXPECT_EQ(problem("{% break %}"), "chat template, line 1: 'break' stands outside of a loop");
    EXPECT_EQ(problem("{% for a in b %}{% macro f() %}{% continue %}{% endmacro %}{% endfor %}"),
              "chat template, line 1: 'continue' stands outside of a loop");
}

TEST(Parser, Hazard075_BoundsSizeAndNesting) {
    EXPECT_EQ(problem(std::string((1 << 20) + 1, 'x')),
              "chat template: has 1048577 bytes; expected at most 1048576");
    std::string deep;
    for (int i = 0; i < 300; ++i) deep += "{% if 1 %}";
    EXPECT_EQ(problem(deep), "chat template, line 1: nested deeper than 200 levels");
    std::string targets = "{% set ";
    for (int i = 0; i < 300; ++i) targets += "(";
    EXPECT_EQ(problem(targets + "a = 1 %}").substr(0, 22), "chat template, line 1:");
    std::string chain = "{% if 0 %}";
    for (int i = 0; i < 3000; ++i) chain += "{% elif 0 %}";
    EXPECT_EQ(problem(chain + "{% endif %}"), "");
}

TEST(Parser, Hazard076_KnowsNoStatementThatReachesFiles) {
    for (const char* word : {"include", "import", "from", "extends", "do", "autoescape", "trans"}) {
        EXPECT_EQ(
            problem("{% " + std::string(word) + " '/etc/passwd' %}"),
            "chat template, line 1: unknown or misplaced statement '" + std::string(word) + "'");
    }
}

// Whatever is cut off a template, the rest ends in a tree or an error.
TEST(Parser, Hazard075_EveryPrefixEnds) {
    const std::string source =
        "{%- macro f(a, b={'c': [1, 2.5, 'x\\n']}) -%}{% for k, (v, w) in a.items()|dictsort if k "
        "is "
        "not none and v[1:-1:2] != 'y' %}{{ (k ~ v)|upper if loop.first else f(a=1) }}{# c #}{% "
        "else "
        "%}{% raw %}{{{% endraw %}{% endfor %}{%- endmacro %}{% call(x) f(1) %}{% set ns.a = 1 "
        "%}{% "
        "endcall %}{% with a = 1 %}{% filter trim %}{% endfilter %}{% endwith %}";
    EXPECT_EQ(problem(source), "");
    for (std::size_t n = 0; n < source.size(); ++n) {
        const std::string message = problem(source.substr(0, n));
        EXPECT_TRUE(message.empty() || message.starts_with("chat template, line ")) << message;
    }
}

}  // namespace
}  // namespace greenroom::runtime::jinja
