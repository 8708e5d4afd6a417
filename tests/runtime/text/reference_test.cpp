// Whole tokenizers against the cases on which two independent implementations agree.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

#include "io/file.hpp"
#include "tests/runtime/text/reference_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

using tests::from_base64;
using tests::ids_of;
using tests::read_lines;
using tests::reference_options;
using tests::text_of;

std::unique_ptr<Tokenizer> load(const std::filesystem::path& path, std::string_view pre = {}) {
    auto loaded = load_tokenizer(path, pre);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? std::move(*loaded) : nullptr;
}

class ReferenceVocabulary : public testing::TestWithParam<const char*> {
 protected:
    std::string file(const char* ending) const {
        return std::string("tokenizers/") + GetParam() + ending;
    }
};

TEST_P(ReferenceVocabulary, EncodesEveryCase) {
    GREENROOM_NEED_SHARED(cases, file(".cases.jsonl"));
    GREENROOM_NEED_SHARED(vocabulary, file(".gguf"));
    const auto tokenizer = load(vocabulary);
    ASSERT_TRUE(tokenizer);
    const auto lines = read_lines(cases);
    EXPECT_GT(lines.size(), 400u);
    for (const io::Json& line : lines) {
        EXPECT_EQ(tokenizer->encode(text_of(line, "text"), reference_options(line)), ids_of(line))
            << line.dump();
    }
}

TEST_P(ReferenceVocabulary, DecodesEveryCasePieceByPiece) {
    GREENROOM_NEED_SHARED(cases, file(".detok.jsonl"));
    GREENROOM_NEED_SHARED(vocabulary, file(".gguf"));
    const auto tokenizer = load(vocabulary);
    ASSERT_TRUE(tokenizer);
    const auto lines = read_lines(cases);
    EXPECT_GT(lines.size(), 150u);
    for (const io::Json& line : lines) {
        const auto ids = ids_of(line);
        const bool special = line.at("special").get<bool>();
        StreamDecoder decoder(*tokenizer, special);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            EXPECT_EQ(tokenizer->piece(ids[i], special),
                      from_base64(line.at("pieces_b64")[i].get<std::string>()))
                << line.dump();
            EXPECT_EQ(decoder.push(ids[i]), line.at("chunks")[i].get<std::string>()) << line.dump();
        }
        EXPECT_EQ(decoder.flush(), line.at("tail").get<std::string>()) << line.dump();
        EXPECT_EQ(tokenizer->decode(ids, special), text_of(line, "detok")) << line.dump();
    }
}

class VocabularyWithVectors : public ReferenceVocabulary {};

TEST_P(VocabularyWithVectors, EncodesTheUpstreamVectors) {
    GREENROOM_NEED_SHARED(inputs, file(".inp"));
    GREENROOM_NEED_SHARED(outputs, file(".out"));
    GREENROOM_NEED_SHARED(vocabulary, file(".gguf"));
    const auto tokenizer = load(vocabulary);
    ASSERT_TRUE(tokenizer);
    constexpr std::string_view kSeparator = "\n__ggml_vocab_test__\n";
    const std::string texts = tests::slurp(inputs);
    std::istringstream lines(tests::slurp(outputs));
    std::size_t at = 0;
    for (int i = 0; i < 46; ++i) {
        const std::size_t end = texts.find(kSeparator, at);
        ASSERT_NE(end, std::string::npos);
        std::string line;
        std::getline(lines, line);
        std::istringstream numbers(line);
        std::vector<TokenId> ids;
        for (TokenId id = 0; numbers >> id;) ids.push_back(id);
        EXPECT_EQ(tokenizer->encode(texts.substr(at, end - at), {.add_special = false}), ids)
            << texts.substr(at, end - at);
        at = end + kSeparator.size();
    }
}

std::string vocabulary_name(const testing::TestParamInfo<const char*>& info) {
    std::string name = info.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

constexpr auto kWithVectors = std::to_array(
    {"llama-spm", "phi-3", "gpt-2", "llama-bpe", "qwen2", "deepseek-llm", "deepseek-coder"});
INSTANTIATE_TEST_SUITE_P(, ReferenceVocabulary, testing::ValuesIn(kWithVectors), vocabulary_name);
INSTANTIATE_TEST_SUITE_P(WithoutVectors,
                         ReferenceVocabulary,
                         testing::Values("mixtral-v1"),
                         vocabulary_name);
INSTANTIATE_TEST_SUITE_P(, VocabularyWithVectors, testing::ValuesIn(kWithVectors), vocabulary_name);

TEST(ReferencePreTokenizers, EncodeEveryCase) {
    GREENROOM_NEED_SHARED(cases, "tokenizers/pretokenizers.cases.jsonl");
    std::map<std::pair<std::string, std::string>, std::unique_ptr<Tokenizer>> tokenizers;
    const auto lines = read_lines(cases);
    EXPECT_EQ(lines.size(), 5374u);
    for (const io::Json& line : lines) {
        const auto vocabulary = line.at("vocab").get<std::string>();
        const auto pre = line.at("pre").get<std::string>();
        auto& tokenizer = tokenizers[{vocabulary, pre}];
        if (!tokenizer) tokenizer = load(*tests::shared_data("tokenizers/" + vocabulary), pre);
        ASSERT_TRUE(tokenizer);
        EXPECT_EQ(tokenizer->encode(text_of(line, "text"), reference_options(line)), ids_of(line))
            << line.dump();
    }
    EXPECT_EQ(tokenizers.size(), 14u);
}

}  // namespace
}  // namespace greenroom::runtime
