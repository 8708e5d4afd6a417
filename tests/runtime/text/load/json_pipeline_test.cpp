#include "runtime/text/load/json_pipeline.hpp"

#include <gtest/gtest.h>

#include "io/file.hpp"
#include "runtime/text/pretokenize/line_words.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"
#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

// One key of a tokenizer.json and what it makes of a pipeline.
JsonPipeline read(const char* key, const io::Json& value) {
    const auto pipeline = read_json_pipeline({{key, value}}, "x");
    EXPECT_TRUE(pipeline) << pipeline.error().message;
    return pipeline ? *pipeline : JsonPipeline();
}

std::string error_of(const char* key, const io::Json& value) {
    const auto pipeline = read_json_pipeline({{key, value}}, "x");
    return pipeline ? "read" : pipeline.error().message;
}

io::Json sequence(const char* parts, std::initializer_list<io::Json> list) {
    return {{"type", "Sequence"}, {parts, io::Json::array_t(list)}};
}

io::Json split(std::string_view expression,
               std::string_view behavior = "Isolated",
               bool invert = false) {
    return {{"type", "Split"},
            {"pattern", {{"Regex", expression}}},
            {"behavior", behavior},
            {"invert", invert}};
}

io::Json byte_level(bool use_regex, bool space = false) {
    return {{"type", "ByteLevel"}, {"add_prefix_space", space}, {"use_regex", use_regex}};
}

constexpr std::string_view kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

TEST(JsonPipeline, AllMayBeAbsent) {
    const JsonPipeline none = read("normalizer", nullptr);
    EXPECT_FALSE(none.byte_level);
    EXPECT_FALSE(none.marks_spaces);
    EXPECT_EQ(none.space_prefix, SpacePrefix::nowhere);
}

TEST(JsonPipeline, KnowsByteLevelPreTokenizers) {
    const JsonPipeline gpt2 = read("pre_tokenizer", byte_level(true));
    EXPECT_TRUE(gpt2.byte_level);
    EXPECT_EQ(gpt2.rules, std::vector<Rule>{gpt2_words});
    const JsonPipeline qwen =
        read("pre_tokenizer", sequence("pretokenizers", {split(kQwen2), byte_level(false)}));
    EXPECT_EQ(qwen.rules, std::vector<Rule>{qwen2_words});
    EXPECT_EQ(read("pre_tokenizer", split(kQwen2, "Removed", true)).rules,
              std::vector<Rule>{qwen2_words});
    const JsonPipeline digits =
        read("pre_tokenizer",
             sequence("pretokenizers",
                      {{{"type", "Digits"}, {"individual_digits", true}}, byte_level(true)}));
    EXPECT_EQ(digits.rules, (std::vector<Rule>{single_numbers, gpt2_words}));
    EXPECT_EQ(read("pre_tokenizer", byte_level(true, true)).space_prefix,
              SpacePrefix::after_special);
}

TEST(JsonPipeline, KnowsHowSpacesAreMarked) {
    const auto json = tests::small_marking_json();
    const auto legacy = read_json_pipeline(json, "x");
    EXPECT_TRUE(legacy->marks_spaces);
    EXPECT_EQ(legacy->space_prefix, SpacePrefix::after_special);
    EXPECT_TRUE(legacy->prefix_repeats_space);
    io::Json metaspace = {
        {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}};
    const JsonPipeline first = read("pre_tokenizer", metaspace);
    EXPECT_TRUE(first.marks_spaces);
    EXPECT_EQ(first.space_prefix, SpacePrefix::start);
    EXPECT_FALSE(first.prefix_repeats_space);
    metaspace["prepend_scheme"] = "never";
    EXPECT_EQ(read("pre_tokenizer", metaspace).space_prefix, SpacePrefix::nowhere);
    metaspace.erase("prepend_scheme");
    EXPECT_EQ(read("pre_tokenizer", metaspace).space_prefix, SpacePrefix::after_special);
}

TEST(JsonPipeline, SplittingAtSpacesThatAreMarkedDoesNothing) {
    io::Json json = tests::small_marking_json();
    json["pre_tokenizer"] = {{"type", "Split"},
                             {"pattern", {{"String", " "}}},
                             {"behavior", "MergedWithPrevious"},
                             {"invert", false}};
    const auto pipeline = read_json_pipeline(json, "x");
    ASSERT_TRUE(pipeline) << pipeline.error().message;
    EXPECT_TRUE(pipeline->rules.empty());
}

TEST(JsonPipeline, TakesSpecialTokensFromTheTemplate) {
    const auto special = [](const char* id) {
        return io::Json{{"SpecialToken", {{"id", id}, {"type_id", 0}}}};
    };
    const io::Json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    const auto processor = [](const io::Json& single) {
        return sequence(
            "processors",
            {{{"type", "ByteLevel"}}, {{"type", "TemplateProcessing"}, {"single", single}}});
    };
    const JsonPipeline both =
        read("post_processor", processor({special("<s>"), text, special("</s>")}));
    EXPECT_EQ(both.first, "<s>");
    EXPECT_EQ(both.last, "</s>");
    const JsonPipeline many =
        read("post_processor", processor({special("<a>"), special("<b>"), text}));
    EXPECT_EQ(many.first, std::nullopt);
    EXPECT_EQ(many.warnings.size(), 1u);
}

TEST(JsonPipeline, Hazard087_UnknownComponentsAreNamed) {
    EXPECT_EQ(error_of("normalizer", {{"type", "Lowercase"}}),
              "x: normalizer Lowercase: is not supported");
    EXPECT_EQ(error_of("normalizer", {{"type", "\x1b[31m"}}),
              "x: normalizer " + io::printable("\x1b[31m") + ": is not supported");
    EXPECT_EQ(error_of("normalizer", sequence("normalizers", {{{"type", "NFKC"}}})),
              "x: normalizer NFKC: is not supported");
    EXPECT_EQ(error_of("pre_tokenizer", {{"type", "Whitespace"}}),
              "x: pre_tokenizer Whitespace: is not supported");
    EXPECT_EQ(error_of("post_processor", {{"type", "BertProcessing"}}),
              "x: post_processor BertProcessing: is not supported");
    EXPECT_EQ(error_of("decoder", {{"type", "WordPiece"}}),
              "x: decoder WordPiece: is not supported");
    EXPECT_EQ(error_of("pre_tokenizer", split("[a-z]+")),
              "x: pre_tokenizer Split: pattern.Regex is \"[a-z]+\"; expected the expression of a "
              "known tokenizer");
    EXPECT_EQ(error_of("pre_tokenizer", split(kQwen2, "Removed")),
              "x: pre_tokenizer Split: is not supported");
    EXPECT_EQ(
        error_of("pre_tokenizer",
                 sequence("pretokenizers",
                          {byte_level(true), {{"type", "Digits"}, {"individual_digits", true}}})),
        "x: pre_tokenizer Digits: is not supported");
}

TEST(JsonPipeline, Hazard087_MalformedComponents) {
    EXPECT_EQ(error_of("normalizer", io::Json::object()), "x: normalizer: type is missing");
    EXPECT_EQ(error_of("normalizer", 1), "x: normalizer: type is missing");
    EXPECT_EQ(error_of("normalizer", {{"type", 1}}), "x: normalizer: type is 1; expected a string");
    EXPECT_EQ(error_of("normalizer", {{"type", "Sequence"}}),
              "x: normalizer Sequence: normalizers is missing");
    EXPECT_EQ(error_of("pre_tokenizer", {{"type", "Split"}}),
              "x: pre_tokenizer Split: pattern is missing");
    EXPECT_EQ(error_of("post_processor", {{"type", "TemplateProcessing"}}),
              "x: post_processor TemplateProcessing: single is missing");
    io::Json nested = {{"type", "NFC"}};
    for (int i = 0; i < 60; ++i) nested = sequence("normalizers", {nested});
    EXPECT_TRUE(read("normalizer", nested).composes);
}

}  // namespace
}  // namespace greenroom::runtime
