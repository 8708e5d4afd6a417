#include "runtime/text/load/json_vocabulary.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

using tests::small_json;

std::string tokens_error(const io::Json& json) {
    const auto tokens = read_json_tokens(json, "x");
    return tokens ? "read" : tokens.error().message;
}

TEST(JsonVocabulary, ReadsTokensAndAddedTokens) {
    const auto tokens = read_json_tokens(small_json(), "x");
    ASSERT_TRUE(tokens) << tokens.error().message;
    ASSERT_EQ(tokens->size(), 7u);
    EXPECT_EQ((*tokens)[4].text, "Ġab");
    EXPECT_EQ((*tokens)[4].type, TokenType::normal);
    EXPECT_EQ((*tokens)[5].type, TokenType::control);
    EXPECT_EQ((*tokens)[6].type, TokenType::user_defined);
}

TEST(JsonVocabulary, KnowsByteTokensAndTheUnknownToken) {
    io::Json json = tests::small_marking_json();
    auto tokens = read_json_tokens(json, "x");
    ASSERT_TRUE(tokens) << tokens.error().message;
    EXPECT_EQ((*tokens)[0].type, TokenType::unknown);
    EXPECT_EQ((*tokens)[1].type, TokenType::byte);
    json["model"]["byte_fallback"] = false;
    EXPECT_EQ((*read_json_tokens(json, "x"))[1].type, TokenType::normal);
}

TEST(JsonVocabulary, ReadsMergesInBothSpellings) {
    io::Json json = small_json();
    json["model"]["merges"] = {"a b", io::Json::array({"Ġ", "ab"}), io::Json::array({" ", "a b"})};
    const auto merges = read_json_merges(json, "x");
    ASSERT_TRUE(merges) << merges.error().message;
    ASSERT_EQ(merges->size(), 3u);
    EXPECT_EQ((*merges)[0].right, "b");
    EXPECT_EQ((*merges)[1].left, "Ġ");
    EXPECT_EQ((*merges)[2].right, "a b");
}

TEST(JsonVocabulary, Hazard087_MalformedVocabularies) {
    io::Json json = small_json();
    json["model"]["vocab"] = io::Json::array();
    EXPECT_EQ(tokens_error(json), "x: model: vocab is an array; expected an object");
    json["model"].erase("vocab");
    EXPECT_EQ(tokens_error(json), "x: model: vocab is missing");
    json["model"]["vocab"] = {{"a", 0}, {"b", 0}};
    EXPECT_EQ(tokens_error(json),
              "x: model: vocab[\"b\"] is 0; expected an id that no other token has");
    json["model"]["vocab"] = {{"a", 1u << 20}};
    EXPECT_EQ(tokens_error(json),
              "x: model: vocab[\"a\"] is 1048576; expected a token id below 1048576");
    json["model"]["vocab"] = {{"a", -1}};
    EXPECT_NE(tokens_error(json), "read");
}

TEST(JsonVocabulary, Hazard087_MalformedAddedTokens) {
    io::Json json = small_json();
    json["added_tokens"] = {{"id", 1}};
    EXPECT_EQ(tokens_error(json), "x: added_tokens is an object; expected an array");
    json["added_tokens"] = {tests::json_token(5, "a"), "b"};
    EXPECT_EQ(tokens_error(json), "x: added_tokens[1]: id is missing");
    json["added_tokens"] = {tests::json_token(1 << 20, "a")};
    EXPECT_EQ(tokens_error(json),
              "x: added_tokens[0]: id is 1048576; expected a token id below 1048576");
}

TEST(JsonVocabulary, Hazard069_MalformedMerges) {
    for (const io::Json& merge : {io::Json("ab"),
                                  io::Json(" a"),
                                  io::Json(1),
                                  io::Json::array({"a"}),
                                  io::Json::array({"a", ""}),
                                  io::Json::array({"a", 1}),
                                  io::Json::array({"a", "b", "c"})}) {
        io::Json json = small_json();
        json["model"]["merges"] = io::Json::array({"a b", merge});
        const auto merges = read_json_merges(json, "x");
        ASSERT_FALSE(merges) << merge.dump();
        EXPECT_TRUE(merges.error().message.starts_with("x: model: merges[1] is "));
    }
}

}  // namespace
}  // namespace greenroom::runtime
