#include "runtime/text/jinja/syntax/token_stream.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

class TokenStreamTest : public testing::Test {
 protected:
    const std::vector<Token> tokens_ = *tokenize("{{ a + 'b' }}");
    TokenStream in_{tokens_, 3};
};

TEST_F(TokenStreamTest, TakesTokensInOrderAndStaysAtTheEnd) {
    EXPECT_EQ(in_.take().kind, Token::Kind::print);
    EXPECT_EQ(in_.next().text, "+");
    EXPECT_EQ(in_.expect_identifier(), "a");
    EXPECT_FALSE(in_.take_symbol("-"));
    EXPECT_TRUE(in_.take_symbol("+"));
    EXPECT_FALSE(in_.is_name("b"));
    in_.take();
    in_.expect(Token::Kind::print_end, "the end");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(in_.take().kind, Token::Kind::end);
    EXPECT_FALSE(in_.failed());
}

TEST_F(TokenStreamTest, IsAtItsEndAfterTheFirstProblem) {
    in_.expect_name("for");
    EXPECT_TRUE(in_.is(Token::Kind::end));
    in_.fail("another");
    EXPECT_EQ(in_.problem().message, "chat template, line 1: found '{{'; expected 'for'");
}

TEST_F(TokenStreamTest, SaysThatTheTemplateEnds) {
    while (!in_.is(Token::Kind::end)) in_.take();
    in_.expect_symbol(")");
    EXPECT_EQ(in_.problem().message, "chat template, line 1: the template ends; expected ')'");
}

TEST_F(TokenStreamTest, BoundsNesting) {
    EXPECT_TRUE(in_.enter() && in_.enter() && in_.enter());
    in_.leave();
    EXPECT_TRUE(in_.enter());
    EXPECT_FALSE(in_.enter());
    EXPECT_EQ(in_.problem().message, "chat template, line 1: nested deeper than 3 levels");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
