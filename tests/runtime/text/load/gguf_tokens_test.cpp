#include "runtime/text/load/gguf_tokens.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

using tests::SmallGguf;

std::string error_of(const SmallGguf& file, bool sentencepiece = true) {
    const auto tokens = read_gguf_tokens(file.metadata(), sentencepiece);
    return tokens ? "read" : tokens.error().message;
}

TEST(GgufTokens, ReadTextsTypesAndScores) {
    const auto tokens = read_gguf_tokens(SmallGguf::spm().metadata(), true);
    ASSERT_TRUE(tokens) << tokens.error().message;
    ASSERT_EQ(tokens->size(), 7u);
    EXPECT_EQ((*tokens)[4].text, "▁");
    EXPECT_EQ((*tokens)[4].score, -2);
    EXPECT_EQ((*tokens)[3].type, TokenType::byte);
}

TEST(GgufTokens, AnUndefinedTypeIsNormal) {
    SmallGguf file = SmallGguf::byte_bpe();
    file["token_type"] = std::vector<std::int32_t>{0, 1, 1, 1, 1, 3};
    EXPECT_EQ((*read_gguf_tokens(file.metadata(), false))[0].type, TokenType::normal);
    file.erase("token_type");
    EXPECT_EQ((*read_gguf_tokens(file.metadata(), false))[5].type, TokenType::normal);
}

TEST(GgufTokens, Phi3TokensSwallowTheSpaceAfterThem) {
    SmallGguf file = SmallGguf::spm();
    file.at_key("general.name") = std::string("My Phi-3 mini");
    const auto tokens = read_gguf_tokens(file.metadata(), true);
    EXPECT_TRUE((*tokens)[2].strip_right);   // </s>
    EXPECT_FALSE((*tokens)[1].strip_right);  // <s>
    EXPECT_FALSE((*tokens)[5].strip_right);
    file.at_key("general.name") = std::string("Phi-2");
    EXPECT_FALSE((*read_gguf_tokens(file.metadata(), true))[2].strip_right);
}

TEST(GgufTokens, Hazard067_MissingArrays) {
    for (const char* name : {"tokens", "token_type", "scores"}) {
        SmallGguf file = SmallGguf::spm();
        file.erase(name);
        EXPECT_EQ(
            error_of(file),
            std::string("x.gguf: tokenizer.ggml.") + name + " is missing; expected a vocabulary");
    }
}

TEST(GgufTokens, Hazard068_WrongLengths) {
    SmallGguf file = SmallGguf::spm();
    file["scores"] = std::vector<float>{1};
    EXPECT_EQ(error_of(file),
              "x.gguf: tokenizer.ggml.scores has 1 elements; expected 7, one for each token");
    file = SmallGguf::spm();
    file["token_type"] = std::vector<std::int32_t>(8, 1);
    EXPECT_EQ(error_of(file),
              "x.gguf: tokenizer.ggml.token_type has 8 elements; expected 7, one for each token");
}

TEST(GgufTokens, Hazard068_WrongElements) {
    for (const char* name : {"tokens", "token_type", "scores"}) {
        SmallGguf file = SmallGguf::spm();
        file[name] = std::string("seven");
        EXPECT_NE(error_of(file).find(std::string("tokenizer.ggml.") + name), std::string::npos);
    }
    SmallGguf file = SmallGguf::spm();
    file["token_type"] = std::vector<float>(7, 1);
    EXPECT_NE(error_of(file), "read");
    file["token_type"] = std::vector<std::int32_t>{1, 7, 1, 1, 1, 1, 1};
    EXPECT_EQ(error_of(file), "x.gguf: tokenizer.ggml.token_type[1] is 7; expected 0 to 6");
    file["token_type"] = std::vector<std::int32_t>(7, -1);
    EXPECT_EQ(error_of(file), "x.gguf: tokenizer.ggml.token_type[0] is -1; expected 0 to 6");
}

TEST(GgufTokens, Hazard069_MalformedMerges) {
    for (const char* merge : {"", "ab", " a", "a "}) {
        SmallGguf file = SmallGguf::byte_bpe();
        file["merges"] = std::vector<std::string>{"a b", merge};
        const auto merges = read_gguf_merges(file.metadata());
        ASSERT_FALSE(merges);
        EXPECT_EQ(merges.error().message,
                  std::string("x.gguf: tokenizer.ggml.merges[1] is \"") + merge +
                      "\"; expected two tokens and a space");
    }
}

TEST(GgufTokens, Hazard070_IdsOutOfRange) {
    const auto read = [](io::MetadataValue value) {
        SmallGguf file = SmallGguf::spm();
        file["bos_token_id"] = std::move(value);
        return read_gguf_token_id(file.metadata(), "tokenizer.ggml.bos_token_id", 7);
    };
    EXPECT_EQ(*read(std::uint64_t(6)), 6);
    EXPECT_EQ(read(std::uint64_t(7)).error().message,
              "x.gguf: tokenizer.ggml.bos_token_id is 7; expected less than the 7 tokens");
    EXPECT_FALSE(read(std::uint64_t(0xFFFFFFFF)));
    EXPECT_FALSE(read(std::int64_t(-1)));
    EXPECT_FALSE(read(std::string("1")));
    EXPECT_EQ(*read_gguf_token_id(SmallGguf::spm().metadata(), "other", 7), std::nullopt);
}

}  // namespace
}  // namespace greenroom::runtime
