#include "runtime/text/jinja/values/text_operations.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

// Text where capital letters stand for input: "ab" + "CD" from the conversation.
Text with_marks(std::string_view letters) {
    Text out;
    for (const char c : letters) {
        out.append({&c, 1}, c >= 'A' && c <= 'Z' ? Origin::input : Origin::source);
    }
    return out;
}

std::string shown(const Text& text) {
    std::string out;
    text.each_run([&](std::string_view bytes, Origin origin) {
        out += origin == Origin::input ? "{" + std::string(bytes) + "}" : std::string(bytes);
    });
    return out;
}

std::string shown(const std::vector<Value>& parts) {
    std::string out;
    for (const Value& part : parts) out += "<" + shown(part.text()) + ">";
    return out;
}

class TextOperations : public testing::Test {
 protected:
    Rendering run_{{}, 0};
};

TEST_F(TextOperations, ChangeCase) {
    EXPECT_EQ(shown(in_case(run_, with_marks("aBc"), Case::upper)), "A{B}C");
    EXPECT_EQ(shown(in_case(run_, with_marks("aBc"), Case::lower)), "a{b}c");
    EXPECT_EQ(in_case(run_, Text("zAŻÓŁĆ x"), Case::capitalized).bytes, "Zażółć x");
    EXPECT_EQ(in_case(run_, Text("a b-c d'e"), Case::title).bytes, "A B-C D'E");
    EXPECT_EQ(in_case(run_, Text("a b-c d'e"), Case::words).bytes, "A B-C D'e");
    EXPECT_EQ(in_case(run_, Text("aBż"), Case::swapped).bytes, "AbŻ");
}

TEST_F(TextOperations, Strip) {
    EXPECT_EQ(shown(strip(run_, Text(" \u2003a \n"), std::nullopt, Side::both)), "a");
    EXPECT_EQ(shown(strip(run_, Text(" a "), std::nullopt, Side::start)), "a ");
    EXPECT_EQ(shown(strip(run_, Text(" a "), std::nullopt, Side::end)), " a");
    EXPECT_EQ(shown(strip(run_, with_marks("xxAxBxx"), Text("x"), Side::both)), "{A}x{B}");
    EXPECT_EQ(shown(strip(run_, Text("óaó"), Text("ó"), Side::both)), "a");
    EXPECT_EQ(shown(strip(run_, Text("xx"), Text("x"), Side::both)), "");
}

TEST_F(TextOperations, Replace) {
    const std::uint64_t all = ~std::uint64_t{0};
    EXPECT_EQ(shown(replace(run_, with_marks("aXbXc"), Text("X"), Text("yy"), all)), "ayybyyc");
    EXPECT_EQ(shown(replace(run_, with_marks("aBa"), Text("a"), with_marks("Q"), 1)), "{QB}a");
    EXPECT_EQ(shown(replace(run_, Text("aó"), Text(""), Text("-"), all)), "-a-ó-");
    EXPECT_EQ(shown(replace(run_, Text("aa"), Text(""), Text("-"), 2)), "-a-a");
    EXPECT_EQ(shown(replace(run_, Text("abc"), Text("x"), Text("y"), all)), "abc");
}

TEST_F(TextOperations, Split) {
    EXPECT_EQ(shown(split(run_, with_marks("aB,Cd,"), ",", 9)), "<a{B}><{C}d><>");
    EXPECT_EQ(shown(split(run_, Text("a,b,c"), ",", 1)), "<a><b,c>");
    EXPECT_EQ(shown(split(run_, Text(""), ",", 9)), "<>");
    EXPECT_EQ(shown(split_from_end(run_, Text("a,b,c"), ",", 1)), "<a,b><c>");
    EXPECT_EQ(shown(split_from_end(run_, Text("aaa"), "aa", 9)), "<a><>");
    EXPECT_EQ(shown(split_at_spaces(run_, Text(" a \u2003b\nc "), 9)), "<a><b><c>");
    EXPECT_EQ(shown(split_at_spaces(run_, Text(" a b c "), 1)), "<a><b c>");
    EXPECT_EQ(shown(split_at_spaces(run_, Text(" "), 9)), "");
}

TEST_F(TextOperations, SplitLines) {
    EXPECT_EQ(shown(split_lines(run_, Text("a\r\nb\rc\n\nd"), false)), "<a><b><c><><d>");
    EXPECT_EQ(shown(split_lines(run_, Text("a\r\nb\n"), true)), "<a\r\n><b\n>");
    EXPECT_EQ(shown(split_lines(run_, Text(""), false)), "");
}

TEST_F(TextOperations, Pad) {
    EXPECT_EQ(shown(pad(run_, with_marks("A"), 4, "-", Side::start)), "{A}---");
    EXPECT_EQ(shown(pad(run_, Text("ó"), 3, "-", Side::end)), "--ó");
    EXPECT_EQ(shown(pad(run_, Text("a"), 4, "-", Side::both)), "-a--");
    EXPECT_EQ(shown(pad(run_, Text("ab"), 5, "-", Side::both)), "--ab-");
    EXPECT_EQ(shown(pad(run_, Text("abc"), -5, "-", Side::both)), "abc");
}

TEST_F(TextOperations, Indent) {
    EXPECT_EQ(shown(indent(run_, with_marks("A\nB\n\nc"), "> ", false, false)),
              "{A}\n> {B}\n\n> c");
    EXPECT_EQ(shown(indent(run_, Text("a\n\nb\n"), "> ", true, true)), "> a\n> \n> b\n> ");
    EXPECT_EQ(shown(indent(run_, Text(""), "> ", true, false)), "> ");
}

TEST_F(TextOperations, HtmlEscaped) {
    EXPECT_EQ(shown(html_escaped(run_, Text("a<b>&\"'"))), "a&lt;b&gt;&amp;&#34;&#39;");
    EXPECT_EQ(shown(html_escaped(run_, Text("<", Origin::input))), "{&lt;}");
}

TEST_F(TextOperations, OccurrencesDoNotOverlap) {
    EXPECT_EQ(occurrences(run_, "aaaa", "aa"), (std::vector<std::size_t>{0, 2}));
}

// Each asks for far more than a text may have; none may try.
TEST_F(TextOperations, Hazard075_GrowNoFurtherThanTheLimit) {
    const Text long_text(std::string(100'000, 'x'));
    const std::uint64_t all = ~std::uint64_t{0};
    for (int i = 0; i < 4; ++i) {
        Rendering run({}, 0);
        if (i == 0) replace(run, long_text, Text("x"), long_text, all);
        if (i == 1) replace(run, long_text, Text(""), long_text, all);
        if (i == 2) pad(run, Text("a"), Integer{1} << 63, "-", Side::both);
        if (i == 3) indent(run, Text(std::string(100'000, '\n')), long_text.view(), true, true);
        EXPECT_EQ(run.meter.problem(), "makes a text of more than 8388608 bytes") << i;
    }
}

}  // namespace
}  // namespace greenroom::runtime::jinja
