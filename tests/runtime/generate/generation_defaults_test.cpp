#include "runtime/generate/generation_defaults.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kVocabulary = 1000;

io::Result<GenerationDefaults> from_json(std::string_view text) {
    const io::Result<io::Json> config = io::parse_json(text, "generation_config.json");
    if (!config) return config.error();
    return read_generation_config(*config, "generation_config.json", kVocabulary);
}

std::string error_of(std::string_view text) {
    const auto read = from_json(text);
    return read ? "read" : read.error().message;
}

io::Metadata metadata(std::initializer_list<std::pair<std::string, io::MetadataValue>> values) {
    io::Metadata out("m.gguf");
    for (const auto& [key, value] : values) out.insert(key, value);
    return out;
}

TEST(GenerationConfig, GivesWhatTheModelRecommends) {
    const auto read = from_json(R"({"do_sample": true, "temperature": 0.6, "top_k": 50,
        "top_p": 0.9, "min_p": 0, "repetition_penalty": 1.05, "eos_token_id": [7, 9],
        "max_length": 4096, "transformers_version": "4.40"})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->sampling.temperature, 0.6);
    EXPECT_EQ(read->sampling.top_k, 50);
    EXPECT_EQ(read->sampling.top_p, 0.9);
    EXPECT_EQ(read->sampling.min_p, 0.0);
    EXPECT_EQ(read->sampling.repeat_penalty, 1.05);
    EXPECT_EQ(read->end_ids, (std::vector<TokenId>{7, 9}));
    EXPECT_FALSE(read->sampling.seed);
    EXPECT_TRUE(read->warnings.empty());
}

TEST(GenerationConfig, WhatIsAbsentOrNullIsNotSet) {
    const auto read = from_json(R"({"temperature": null, "eos_token_id": null})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FALSE(read->sampling.temperature);
    EXPECT_FALSE(read->sampling.top_k);
    EXPECT_TRUE(read->end_ids.empty());
}

TEST(GenerationConfig, Hazard088_WrongKindsAreNamed) {
    EXPECT_EQ(error_of(R"({"eos_token_id": [1, "2"]})"),
              "generation_config.json: eos_token_id: expected only token ids in the list");
    EXPECT_EQ(error_of(R"({"eos_token_id": "2"})"),
              "generation_config.json: eos_token_id: expected a token id or a list of them");
    EXPECT_EQ(error_of(R"({"eos_token_id": 2.5})"),
              "generation_config.json: eos_token_id: expected a token id or a list of them");
    EXPECT_EQ(error_of(R"({"temperature": "0.7"})"),
              "generation_config.json: temperature: expected a number");
    EXPECT_EQ(error_of(R"({"top_k": [40]})"), "generation_config.json: top_k: expected a number");
    EXPECT_EQ(error_of(R"({"top_p": true})"), "generation_config.json: top_p: expected a number");
    EXPECT_EQ(error_of("[]"), "generation_config.json: expected an object");
    EXPECT_NE(error_of("{"), "read");
}

TEST(GenerationConfig, Hazard088_NumbersThatMakeNoSenseAreLeftOutWithAWarning) {
    const auto read = from_json(R"({"temperature": -1, "top_k": 1e30, "top_p": 7, "min_p": 0.1,
        "eos_token_id": [3, 1000, -1, 18446744073709551615]})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FALSE(read->sampling.temperature);
    EXPECT_FALSE(read->sampling.top_k);
    EXPECT_FALSE(read->sampling.top_p);
    EXPECT_EQ(read->sampling.min_p, 0.1);
    EXPECT_EQ(read->end_ids, (std::vector<TokenId>{3}));
    ASSERT_EQ(read->warnings.size(), 6u);
    EXPECT_EQ(read->warnings[0],
              "generation_config.json: temperature: expected a number from 0 to 100, got \"-1\"; "
              "ignored");
    EXPECT_EQ(read->warnings[3],
              "generation_config.json: eos_token_id: token 1000 is outside the vocabulary; "
              "ignored");
}

TEST(GgufGenerationDefaults, GivesWhatTheConverterWrote) {
    const auto read = read_gguf_generation_defaults(
        metadata({{"general.sampling.temp", 0.7},
                  {"general.sampling.top_k", std::int64_t{20}},
                  {"general.sampling.top_p", 0.8},
                  {"general.sampling.min_p", 0.1},
                  {"general.sampling.penalty_repeat", 1.1},
                  {"general.sampling.penalty_last_n", std::int64_t{-1}},
                  {"tokenizer.ggml.eos_token_ids", std::vector<std::int32_t>{5, 6}}}),
        kVocabulary);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->sampling.temperature, 0.7);
    EXPECT_EQ(read->sampling.top_k, 20);
    EXPECT_EQ(read->sampling.top_p, 0.8);
    EXPECT_EQ(read->sampling.min_p, 0.1);
    EXPECT_EQ(read->sampling.repeat_penalty, 1.1);
    EXPECT_EQ(read->sampling.repeat_last_n, -1);
    EXPECT_EQ(read->end_ids, (std::vector<TokenId>{5, 6}));
}

TEST(GgufGenerationDefaults, Hazard088_WrongKindsAreNamed) {
    const auto text = read_gguf_generation_defaults(
        metadata({{"general.sampling.temp", std::string("hot")}}), kVocabulary);
    ASSERT_FALSE(text);
    EXPECT_NE(text.error().message.find("m.gguf"), std::string::npos);
    EXPECT_NE(text.error().message.find("general.sampling.temp"), std::string::npos);
    EXPECT_FALSE(read_gguf_generation_defaults(
        metadata({{"tokenizer.ggml.eos_token_ids", std::string("5")}}), kVocabulary));
}

TEST(GenerationDefaults, ReadsTheConfigOfAFolderWhereThereIsOne) {
    tests::TemporaryFolder folder;
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = folder.path();
    const auto none = read_generation_defaults(files, kVocabulary);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->sampling.top_k);
    folder.write("generation_config.json", R"({"top_k": 3, "eos_token_id": 4})");
    const auto read = read_generation_defaults(files, kVocabulary);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->sampling.top_k, 3);
    EXPECT_EQ(read->end_ids, (std::vector<TokenId>{4}));
    folder.write("generation_config.json", "\xff");
    EXPECT_FALSE(read_generation_defaults(files, kVocabulary));
}

TEST(SamplerSettingsMerge, AskedWinsOverRecommendedOverDefaults) {
    SamplingSection asked, recommended;
    asked.temperature = 0;
    asked.seed = 5;
    recommended.temperature = 0.6;
    recommended.top_k = 7;
    const SamplerSettings s = sampler_settings(asked, recommended);
    EXPECT_EQ(s.temperature, 0);
    EXPECT_EQ(s.top_k, 7);
    EXPECT_EQ(s.top_p, SamplerSettings{}.top_p);
    EXPECT_EQ(s.seed, 5u);
}

TEST(SamplerSettingsMerge, WithoutASeedEachIsNew) {
    SamplingSection asked;
    const std::uint64_t one = sampler_settings(asked, {}).seed;
    asked.seed = -1;
    EXPECT_NE(sampler_settings(asked, {}).seed, one);  // equal once in 2^64 runs
}

}  // namespace
}  // namespace greenroom::runtime
