#include "runtime/text/load/gguf_tokenizer.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

using tests::SmallGguf;
using Ids = std::vector<TokenId>;

std::unique_ptr<Tokenizer> load(const SmallGguf& file, std::string_view pre = {}) {
    auto parts = read_gguf_tokenizer(file.metadata(), pre);
    if (!parts) ADD_FAILURE() << parts.error().message;
    return parts ? assemble(std::move(*parts)) : nullptr;
}

std::string error_of(const SmallGguf& file) {
    const auto parts = read_gguf_tokenizer(file.metadata(), {});
    return parts ? "read" : parts.error().message;
}

TEST(GgufTokenizer, SentencePieceHasItsDefaults) {
    const auto tokenizer = load(SmallGguf::spm());
    EXPECT_EQ(tokenizer->kind(), "spm");
    EXPECT_EQ(tokenizer->encode("a\nb", {}), (Ids{1, 6, 3, 0}));
    EXPECT_EQ(tokenizer->eos(), 2);
    EXPECT_TRUE(tokenizer->adds_bos());
    EXPECT_TRUE(tokenizer->warnings().empty());
}

TEST(GgufTokenizer, TheFileOverridesTheDefaults) {
    SmallGguf file = SmallGguf::spm();
    file["add_bos_token"] = false;
    file["add_eos_token"] = true;
    file["add_space_prefix"] = false;
    file["eos_token_id"] = std::uint64_t(1);
    file["eot_token_id"] = std::uint64_t(5);
    const auto tokenizer = load(file);
    EXPECT_EQ(tokenizer->encode("a", {}), (Ids{5, 1}));
    EXPECT_TRUE(tokenizer->ends_generation(5));
}

TEST(GgufTokenizer, ByteLevelHasItsDefaults) {
    SmallGguf file = SmallGguf::byte_bpe();
    const auto tokenizer = load(file);
    EXPECT_EQ(tokenizer->kind(), "bpe");
    EXPECT_EQ(tokenizer->pre_tokenizer(), "qwen2");
    EXPECT_EQ(tokenizer->encode("ab ab<|im_end|>", {.parse_special = true}), (Ids{2, 4, 5}));
    EXPECT_EQ(tokenizer->bos(), std::nullopt);
    EXPECT_TRUE(tokenizer->ends_generation(5));
    file["bos_token_id"] = std::uint64_t(0);
    EXPECT_FALSE(load(file)->adds_bos());
    EXPECT_TRUE(load(file, "llama-bpe")->adds_bos());
    EXPECT_EQ(load(file, "llama-bpe")->pre_tokenizer(), "llama-bpe");
}

TEST(GgufTokenizer, GemmaSpellsCharactersAndCutsLines) {
    SmallGguf file = SmallGguf::spm();
    file["model"] = std::string("gemma4");
    file["merges"] = std::vector<std::string>{"▁ a"};
    file["bos_token_id"] = std::uint64_t(1);
    const auto tokenizer = load(file);
    EXPECT_EQ(tokenizer->encode("a a\n", {}), (Ids{5, 6, 3}));
}

TEST(GgufTokenizer, Hazard067_FewerTokensThanTheDefaultsName) {
    SmallGguf file = SmallGguf::spm();
    file["tokens"] = std::vector<std::string>{"a"};
    file["scores"] = std::vector<float>{0};
    file["token_type"] = std::vector<std::int32_t>{1};
    const auto tokenizer = load(file);
    EXPECT_EQ(tokenizer->encode("a", {.space_prefix = false}), Ids{0});
    EXPECT_EQ(tokenizer->bos(), std::nullopt);
    file["bos_token_id"] = std::uint64_t(1);
    EXPECT_EQ(error_of(file),
              "x.gguf: tokenizer.ggml.bos_token_id is 1; expected less than the 1 tokens");
    file["tokens"] = std::vector<std::string>{};
    file["scores"] = std::vector<float>{};
    file["token_type"] = std::vector<std::int32_t>{};
    EXPECT_EQ(error_of(file), "x.gguf: the vocabulary is empty; expected tokens");
}

TEST(GgufTokenizer, Hazard069_UnknownTokensInMergesAreTold) {
    SmallGguf file = SmallGguf::byte_bpe();
    file["merges"] = std::vector<std::string>{"a b", "a c"};
    const auto tokenizer = load(file);
    ASSERT_EQ(tokenizer->warnings().size(), 1u);
    EXPECT_EQ(tokenizer->warnings()[0], "1 merges are left out: text cannot become their tokens");
    file.erase("merges");
    EXPECT_NE(error_of(file).find("tokenizer.ggml.merges is missing"), std::string::npos);
}

TEST(GgufTokenizer, Hazard070_EveryIdIsChecked) {
    for (const char* name : {"bos", "eos", "eot", "eom", "unknown"}) {
        SmallGguf file = SmallGguf::spm();
        file[std::string(name) + "_token_id"] = std::uint64_t(7);
        EXPECT_NE(error_of(file).find(std::string(name) + "_token_id is 7"), std::string::npos);
    }
}

TEST(GgufTokenizer, Hazard072_RepeatedTokensAreTold) {
    SmallGguf file = SmallGguf::byte_bpe();
    file["tokens"] = std::vector<std::string>{"a", "b", "ab", "a", "a", "<|im_end|>"};
    const auto tokenizer = load(file);
    EXPECT_EQ(tokenizer->warnings()[0], "2 tokens repeat the text of an earlier one");
    EXPECT_EQ(tokenizer->encode("a", {}), Ids{0});
}

TEST(GgufTokenizer, Hazard074_AnUnknownPreTokenizerIsTold) {
    SmallGguf file = SmallGguf::byte_bpe();
    file["pre"] = std::string("brand-new\x1b[31m");
    const auto tokenizer = load(file);
    ASSERT_EQ(tokenizer->warnings().size(), 1u);
    EXPECT_NE(tokenizer->warnings()[0].find("brand-new"), std::string::npos);
    EXPECT_EQ(tokenizer->warnings()[0].find('\x1b'), std::string::npos);
    EXPECT_EQ(tokenizer->pre_tokenizer(), "default");
    file.erase("pre");
    EXPECT_EQ(load(file)->warnings().size(), 1u);
}

TEST(GgufTokenizer, Hazard074_UnknownModels) {
    SmallGguf file = SmallGguf::spm();
    for (const char* model : {"bert", "t5", ""}) {
        file["model"] = std::string(model);
        EXPECT_EQ(error_of(file),
                  std::string("x.gguf: tokenizer.ggml.model is \"") + model +
                      "\"; expected llama, gpt2 or gemma4");
    }
    file.erase("model");
    EXPECT_NE(error_of(file).find("tokenizer.ggml.model"), std::string::npos);
    file["model"] = std::uint64_t(1);
    EXPECT_NE(error_of(file).find("tokenizer.ggml.model"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
