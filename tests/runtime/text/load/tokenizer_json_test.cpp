#include "runtime/text/load/tokenizer_json.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

using tests::small_json;
using tests::small_marking_json;
using Ids = std::vector<TokenId>;

std::unique_ptr<Tokenizer> load(const io::Json& json, std::string_view pre = {}) {
    auto parts = read_tokenizer_json(json, "x", {}, pre);
    if (!parts) ADD_FAILURE() << parts.error().message;
    return parts ? assemble(std::move(*parts)) : nullptr;
}

std::string error_of(const io::Json& json, std::string_view pre = {}) {
    const auto parts = read_tokenizer_json(json, "x", {}, pre);
    return parts ? "read" : parts.error().message;
}

TEST(TokenizerJson, ReadsByteLevelModels) {
    const auto tokenizer = load(small_json());
    EXPECT_EQ(tokenizer->kind(), "bpe");
    EXPECT_EQ(tokenizer->pre_tokenizer(), "gpt-2");
    EXPECT_EQ(tokenizer->encode("ab ab<think><|im_end|>", {.parse_special = true}),
              (Ids{2, 4, 6, 5}));
    EXPECT_EQ(load(small_json(), "qwen2")->pre_tokenizer(), "qwen2");
}

TEST(TokenizerJson, ReadsModelsThatMarkSpaces) {
    const auto tokenizer = load(small_marking_json());
    EXPECT_EQ(tokenizer->kind(), "spm");
    EXPECT_EQ(tokenizer->encode("a\n a", {}), (Ids{4, 1, 4}));
    EXPECT_EQ(tokenizer->encode("bb", {}), (Ids{2, 0}));
    EXPECT_EQ(tokenizer->decode(Ids{4, 4}, false), "a a");
}

TEST(TokenizerJson, TakesBosFromTheTemplate) {
    io::Json json = small_json();
    const io::Json special = {{"SpecialToken", {{"id", "<|im_end|>"}, {"type_id", 0}}}};
    const io::Json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    json["post_processor"] = {{"type", "TemplateProcessing"}, {"single", {special, text}}};
    EXPECT_EQ(load(json)->encode("a", {}), (Ids{5, 0}));
    json["post_processor"]["single"][0]["SpecialToken"]["id"] = "<s>";
    EXPECT_EQ(error_of(json), "x: post_processor names \"<s>\", which is not in the vocabulary");
}

TEST(TokenizerJson, Hazard074_UnknownModels) {
    io::Json json = small_json();
    json["model"]["type"] = "Unigram";
    EXPECT_EQ(error_of(json), "x: model: type is \"Unigram\"; expected BPE");
    json["model"]["type"] = nullptr;  // as in old files
    EXPECT_EQ(error_of(json), "read");
    EXPECT_EQ(error_of(small_json(), "brand-new"), "x: the pre-tokenizer \"brand-new\" is unknown");
}

TEST(TokenizerJson, Hazard087_OptionsThatNobodyUses) {
    const auto with = [](const char* key, const io::Json& value) {
        io::Json json = small_json();
        json["model"][key] = value;
        return error_of(json);
    };
    EXPECT_EQ(with("dropout", 0.1), "x: model: dropout is 0.1; expected none");
    EXPECT_EQ(with("end_of_word_suffix", "</w>"),
              "x: model: end_of_word_suffix is \"</w>\"; expected nothing");
    EXPECT_EQ(with("continuing_subword_prefix", ""), "read");
    EXPECT_EQ(with("ignore_merges", 1), "x: model: ignore_merges is 1; expected true or false");
}

TEST(TokenizerJson, Hazard087_NotATokenizer) {
    EXPECT_EQ(error_of(nullptr), "x: model is missing");
    EXPECT_EQ(error_of(io::Json::array()), "x: model is missing");
    EXPECT_EQ(error_of({{"model", 1}}), "x: model: vocab is missing");
    io::Json plain = small_json();
    plain["pre_tokenizer"] = nullptr;
    EXPECT_EQ(error_of(plain),
              "x: normalizer and pre_tokenizer neither spell bytes nor only mark spaces");
}

TEST(TokenizerJson, Hazard087_AHugeVocabulary) {
    io::Json json = small_json();
    io::Json& vocab = json["model"]["vocab"];
    auto& members = vocab.get_ref<io::Json::object_t&>();
    for (unsigned id = 7; id < 500'000; ++id)
        members.emplace_back("token" + std::to_string(id), id);
    EXPECT_EQ(load(json)->vocabulary_size(), 500'000u);
}

}  // namespace
}  // namespace greenroom::runtime
