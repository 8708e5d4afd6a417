#include "runtime/text/load/added_tokens.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"
#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

TEST(AddedTokens, SayHowTheyAreMatched) {
    io::Json json = tests::json_token(7, "<x>");
    json["rstrip"] = true;
    const auto token = read_added_token(json, 7, "x");
    ASSERT_TRUE(token) << token.error().message;
    EXPECT_EQ(token->text, "<x>");
    EXPECT_TRUE(token->special);
    EXPECT_TRUE(token->strip_right);
    EXPECT_FALSE(token->strip_left);
}

TEST(AddedTokens, FillTheirPlaces) {
    std::vector<Token> tokens = {tests::token("<unk>", TokenType::unknown), tests::token("a")};
    const AddedToken added[] = {{.id = 0, .text = "<unk>", .special = true},
                                {.id = 4, .text = "▁▁"},
                                {.id = 3, .text = "<|x▁|>", .special = true}};
    add_tokens(added, tokens);
    ASSERT_EQ(tokens.size(), 5u);
    EXPECT_EQ(tokens[0].type, TokenType::unknown);
    EXPECT_EQ(tokens[2].type, TokenType::unused);
    EXPECT_EQ(tokens[3].type, TokenType::control);
    EXPECT_EQ(tokens[3].text, "<|x▁|>");
    EXPECT_EQ(tokens[4].type, TokenType::user_defined);
    EXPECT_EQ(tokens[4].text, "  ");
}

TEST(AddedTokens, Hazard087_MalformedDescriptions) {
    const auto error_of = [](const io::Json& json) {
        const auto token = read_added_token(json, 0, "x");
        return token ? "read" : token.error().message;
    };
    EXPECT_EQ(error_of("a"), "x: content is missing");
    EXPECT_EQ(error_of({{"content", 1}}), "x: content is 1; expected a string");
    EXPECT_EQ(error_of({{"content", "a"}, {"special", 1}}),
              "x: special is 1; expected true or false");
    EXPECT_EQ(error_of({{"content", "a"}, {"single_word", true}}),
              "x: single_word is true; not supported");
}

}  // namespace
}  // namespace greenroom::runtime
