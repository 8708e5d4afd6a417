#include "runtime/text/built_in_templates.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "runtime/text/chat_template.hpp"
#include "tests/runtime/text/jinja/cases.hpp"

namespace greenroom::runtime {
namespace {

TokenExists vocabulary(std::set<std::string, std::less<>> tokens) {
    return [tokens = std::move(tokens)](std::string_view token) { return tokens.contains(token); };
}

std::string render(std::string_view name, io::Json messages) {
    auto parsed = ChatTemplate::parse(built_in_source(name));
    if (!parsed) return parsed.error().message;
    TemplateInput input;
    input.messages = std::move(messages);
    input.bos_token = "<s>";
    input.eos_token = "</s>";
    const auto rendered = parsed->render(input);
    return rendered ? rendered->text : rendered.error().message;
}

const io::Json kConversation = {{{"role", "system"}, {"content", "Be brief."}},
                                {{"role", "user"}, {"content", "One?"}},
                                {{"role", "assistant"}, {"content", "1"}},
                                {{"role", "user"}, {"content", "Two?"}}};

TEST(BuiltInTemplates, WriteTheFormatOfTheirName) {
    EXPECT_EQ(render("chatml", kConversation),
              "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nOne?<|im_end|>\n"
              "<|im_start|>assistant\n1<|im_end|>\n<|im_start|>user\nTwo?<|im_end|>\n"
              "<|im_start|>assistant\n");
    EXPECT_EQ(
        render("llama2", kConversation),
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nOne? [/INST] 1 </s><s>[INST] Two? [/INST]");
    EXPECT_EQ(render("llama3", kConversation),
              "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
              "<|start_header_id|>user<|end_header_id|>\n\nOne?<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\n1<|eot_id|>"
              "<|start_header_id|>user<|end_header_id|>\n\nTwo?<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\n");
    EXPECT_EQ(render("mistral-v1", kConversation),
              "<s> [INST] Be brief.\n\nOne? [/INST] 1</s> [INST] Two? [/INST]");
    EXPECT_EQ(render("mistral-v3", kConversation),
              "<s>[INST] Be brief.\n\nOne?[/INST] 1</s>[INST] Two?[/INST]");
    EXPECT_EQ(render("plain", kConversation),
              "<s>Be brief.\n\nUser: One?\n\nAssistant: 1</s>\n\nUser: Two?\n\nAssistant:");
}

TEST(BuiltInTemplates, TakeContentInPartsAndNoContent) {
    const io::Json messages = {
        {{"role", "user"},
         {"content", {{{"type", "text"}, {"text", "a"}}, {{"type", "text"}, {"text", "b"}}}}},
        {{"role", "assistant"}, {"content", nullptr}}};
    for (const BuiltInTemplate& each : built_in_templates()) {
        EXPECT_NE(render(each.name, messages).find("ab"), std::string::npos) << each.name;
    }
}

// What a user types is input, whatever template carries it.
TEST(BuiltInTemplates, KeepWhatTheUserWroteApart) {
    for (const BuiltInTemplate& each : built_in_templates()) {
        auto parsed = ChatTemplate::parse(built_in_source(each.name));
        ASSERT_TRUE(parsed) << parsed.error().message;
        TemplateInput input;
        input.messages = {{{"role", "user"}, {"content", "<|im_end|>"}}};
        const auto rendered = parsed->render(input);
        ASSERT_TRUE(rendered) << rendered.error().message;
        const std::size_t at = rendered->text.find("<|im_end|>");
        ASSERT_EQ(rendered->from_input.size(), 1u) << each.name;
        EXPECT_EQ(rendered->from_input[0], (ByteRange{at, at + 10})) << each.name;
    }
}

// The text of every case that is plain messages; no tools, no parts.
void expect_agreement(std::string_view name, const std::filesystem::path& cases) {
    int n_compared = 0;
    for (const io::Json& test_case : tests::json_lines(cases)) {
        if (!test_case.contains("expected") || !test_case["tools"].is_null()) continue;
        const io::Json& messages = test_case["messages"];
        const bool plain = std::all_of(messages.begin(), messages.end(), [](const io::Json& m) {
            return m.contains("content") && m["content"].is_string();
        });
        if (!plain) continue;
        auto parsed = ChatTemplate::parse(built_in_source(name));
        ASSERT_TRUE(parsed);
        TemplateInput input;
        input.messages = messages;
        input.add_generation_prompt = test_case["add_generation_prompt"].get<bool>();
        input.bos_token = test_case["bos_token"].get<std::string>();
        input.eos_token = test_case["eos_token"].get<std::string>();
        const auto rendered = parsed->render(input);
        ASSERT_TRUE(rendered) << rendered.error().message;
        EXPECT_EQ(rendered->text, test_case["expected"].get<std::string>()) << test_case["name"];
        ++n_compared;
    }
    EXPECT_GT(n_compared, 10) << name;
}

TEST(BuiltInTemplates, AgreeWithThePublishedOnesOfTheirFormat) {
    GREENROOM_NEED_SHARED(folder, "templates");
    expect_agreement("chatml", folder / "chatml-generic.cases.jsonl");
    expect_agreement("mistral-v1", folder / "mistralai-Mixtral-8x7B-Instruct-v0.1.cases.jsonl");
}

TEST(BuiltInTemplates, AreChosenByTheVocabularyThenByTheArchitecture) {
    EXPECT_EQ(built_in_for(vocabulary({"<|im_start|>", "<|im_end|>", "</s>"}), "mixtral"),
              "chatml");
    EXPECT_EQ(built_in_for(vocabulary({"<|start_header_id|>", "<|eot_id|>"}), "llama"), "llama3");
    EXPECT_EQ(built_in_for(vocabulary({"[INST]", "[/INST]", "</s>"}), "mixtral"), "mistral-v3");
    EXPECT_EQ(built_in_for(vocabulary({"<s>", "</s>", "<0x0A>"}), "mixtral"), "mistral-v1");
    EXPECT_EQ(built_in_for(vocabulary({"<s>", "</s>", "<0x0A>"}), "llama"), "llama2");
    EXPECT_EQ(built_in_for(vocabulary({"<|im_start|>"}), "qwen3moe"), "plain");
    EXPECT_EQ(built_in_for(vocabulary({}), ""), "plain");
}

TEST(BuiltInTemplates, AreKnownByName) {
    EXPECT_EQ(built_in_names(), "chatml, llama2, llama3, mistral-v1, mistral-v3, plain");
    EXPECT_EQ(built_in_source("ChatML"), "");
    EXPECT_EQ(built_in_source(""), "");
}

}  // namespace
}  // namespace greenroom::runtime
