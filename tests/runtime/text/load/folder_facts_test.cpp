#include "runtime/text/load/folder_facts.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

using tests::TemporaryFolder;

TokenizerParts small_parts() {
    TokenizerParts parts;
    parts.vocabulary = std::make_unique<Vocabulary>(
        tests::vocabulary_of({tests::control("<s>"), tests::control("</s>"), tests::token("a")}));
    return parts;
}

std::string read_error(std::string_view name, std::string_view json) {
    const TemporaryFolder folder;
    folder.write(name, json);
    const auto facts = read_folder_facts(folder.path());
    return facts ? "read" : facts.error().message.substr(folder.path().string().size() + 1);
}

TEST(FolderFacts, NoFilesSayNothing) {
    const TemporaryFolder folder;
    const auto facts = read_folder_facts(folder.path());
    ASSERT_TRUE(facts) << facts.error().message;
    TokenizerParts parts = small_parts();
    parts.bos = 2;
    parts.add_bos = true;
    ASSERT_TRUE(apply_folder_facts(*facts, parts));
    EXPECT_EQ(parts.bos, 2);
    EXPECT_TRUE(parts.add_bos);
}

TEST(FolderFacts, ComeFromThreeFiles) {
    const TemporaryFolder folder;
    folder.write("tokenizer_config.json",
                 R"({"bos_token": {"content": "<s>"}, "add_bos_token": true, "pad_token": null})");
    folder.write("special_tokens_map.json", R"({"bos_token": "other", "eos_token": "</s>"})");
    folder.write("generation_config.json", R"({"bos_token_id": 2, "eos_token_id": [2, 1]})");
    const auto facts = read_folder_facts(folder.path());
    ASSERT_TRUE(facts) << facts.error().message;
    TokenizerParts parts = small_parts();
    ASSERT_TRUE(apply_folder_facts(*facts, parts));
    EXPECT_EQ(parts.bos, 0);
    EXPECT_EQ(parts.eos, 1);
    EXPECT_EQ(parts.ends, (std::vector<TokenId>{2, 1}));
    EXPECT_TRUE(parts.add_bos);
    EXPECT_FALSE(parts.add_eos);
}

TEST(FolderFacts, IdsServeWhereThereAreNoTexts) {
    const TemporaryFolder folder;
    folder.write("generation_config.json", R"({"bos_token_id": 0, "eos_token_id": 2})");
    TokenizerParts parts = small_parts();
    ASSERT_TRUE(apply_folder_facts(*read_folder_facts(folder.path()), parts));
    EXPECT_EQ(parts.bos, 0);
    EXPECT_EQ(parts.eos, 2);
}

TEST(FolderFacts, AddTokensById) {
    const TemporaryFolder folder;
    folder.write("tokenizer_config.json",
                 R"({"added_tokens_decoder": {"3": {"content": "<x>", "special": true}}})");
    const auto facts = read_folder_facts(folder.path());
    ASSERT_TRUE(facts) << facts.error().message;
    ASSERT_EQ(facts->added.size(), 1u);
    EXPECT_EQ(facts->added[0].id, 3);
    EXPECT_TRUE(facts->added[0].special);
}

TEST(FolderFacts, Hazard070_TokensThatTheVocabularyLacks) {
    const auto error_of = [](FolderFacts facts) {
        facts.name = "x";
        TokenizerParts parts = small_parts();
        const auto applied = apply_folder_facts(facts, parts);
        return applied ? "applied" : applied.error().message;
    };
    FolderFacts text;
    text.eos = "<|end|>";
    EXPECT_EQ(error_of(text), "x: eos_token is \"<|end|>\", which is not in the vocabulary");
    FolderFacts id;
    id.eos_ids = {1, 3};
    EXPECT_EQ(error_of(id), "x: eos_token_id is 3; expected less than the 3 tokens");
    FolderFacts bos;
    bos.bos_id = 3;
    EXPECT_EQ(error_of(bos), "x: bos_token_id is 3; expected less than the 3 tokens");
}

TEST(FolderFacts, Hazard087_MalformedTokenizerConfig) {
    const auto error_of = [](std::string_view json) {
        return read_error("tokenizer_config.json", json);
    };
    EXPECT_EQ(error_of("[]"), "tokenizer_config.json: expected a JSON object");
    EXPECT_NE(error_of("{"), "read");
    EXPECT_EQ(error_of(R"({"bos_token": 1})"),
              "tokenizer_config.json: bos_token is 1; expected a string");
    EXPECT_EQ(error_of(R"({"eos_token": {"content": []}})"),
              "tokenizer_config.json: content is an array; expected a string");
    EXPECT_EQ(error_of(R"({"add_bos_token": "yes"})"),
              "tokenizer_config.json: add_bos_token is \"yes\"; expected true or false");
    EXPECT_EQ(error_of(R"({"added_tokens_decoder": []})"),
              "tokenizer_config.json: added_tokens_decoder is an array; expected an object");
    for (const char* id : {"-1", "1048576", "99999999999999999999", "x", "1x", ""}) {
        const std::string json =
            std::string(R"({"added_tokens_decoder": {")") + id + R"(": {"content": "a"}}})";
        EXPECT_EQ(error_of(json),
                  std::string("tokenizer_config.json: added_tokens_decoder[\"") + id +
                      "\"]: expected a token id below 1048576");
    }
}

TEST(FolderFacts, Hazard088_EosListsWithStrings) {
    const auto error_of = [](std::string_view json) {
        return read_error("generation_config.json", json);
    };
    EXPECT_EQ(error_of(R"({"eos_token_id": [2, "</s>"]})"),
              "generation_config.json: eos_token_id[1] is \"</s>\"; expected a token id below "
              "1048576");
    EXPECT_EQ(error_of(R"({"eos_token_id": -1})"),
              "generation_config.json: eos_token_id[0] is -1; expected a token id below 1048576");
    EXPECT_EQ(error_of(R"({"eos_token_id": [[2]]})"),
              "generation_config.json: eos_token_id[0] is an array; expected a token id below "
              "1048576");
    EXPECT_EQ(error_of(R"({"bos_token_id": 1.5})"),
              "generation_config.json: bos_token_id is 1.5; expected a token id below 1048576");
    EXPECT_EQ(error_of(R"({"eos_token_id": []})"), "read");
}

}  // namespace
}  // namespace greenroom::runtime
