#include "runtime/text/chat_template.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <regex>

#include "tests/runtime/text/jinja/cases.hpp"

namespace greenroom::runtime {
namespace {

using tests::clock_of;
using tests::json_lines;

constexpr std::string_view kRefuses = "the chat template refuses: ";

TemplateInput input_of(const io::Json& test_case) {
    TemplateInput input;
    input.messages = test_case["messages"];
    input.tools = test_case["tools"];
    input.add_generation_prompt = test_case["add_generation_prompt"].get<bool>();
    input.bos_token = test_case["bos_token"].get<std::string>();
    input.eos_token = test_case["eos_token"].get<std::string>();
    input.kwargs = test_case["kwargs"];
    input.now = clock_of(test_case);
    return input;
}

// Empty, or what is wrong with the answer.
std::string disagreement(const io::Json& test_case, const io::Result<Rendered>& rendered) {
    if (test_case.contains("lenient_expected") && rendered &&
        rendered->text == test_case["lenient_expected"].get<std::string>()) {
        return {};
    }
    if (test_case.contains("error")) {
        if (rendered) return "renders instead of failing";
        if (test_case["error_kind"] != "raise_exception") return {};
        const std::string expected = std::string(kRefuses) + test_case["error"].get<std::string>();
        return rendered.error().message == expected ? "" : rendered.error().message;
    }
    if (!rendered) return rendered.error().message;
    return rendered->text == test_case["expected"].get<std::string>() ? ""
                                                                      : "gives " + rendered->text;
}

TEST(ChatTemplate, RendersThePublishedTemplatesAsTheReferenceDoes) {
    GREENROOM_NEED_SHARED(folder, "templates");
    int n_cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".jinja") continue;
        auto parsed = ChatTemplate::parse(tests::slurp(entry.path()));
        ASSERT_TRUE(parsed) << entry.path() << ": " << parsed.error().message;
        std::filesystem::path cases = entry.path();
        for (const io::Json& test_case : json_lines(cases.replace_extension(".cases.jsonl"))) {
            ++n_cases;
            EXPECT_EQ(disagreement(test_case, parsed->render(input_of(test_case))), "")
                << entry.path().stem() << ", " << test_case["name"];
        }
    }
    EXPECT_GE(n_cases, 2854);
}

std::string text_of(std::string_view source, const TemplateInput& input) {
    auto parsed = ChatTemplate::parse(source);
    if (!parsed) return parsed.error().message;
    const auto rendered = parsed->render(input);
    return rendered ? rendered->text : rendered.error().message;
}

TEST(ChatTemplate, DefinesItsVariablesAlways) {
    EXPECT_EQ(text_of("{{ messages }}{{ tools }}{{ documents }}{{ add_generation_prompt }}"
                      "{{ bos_token is defined }}{{ eos_token is defined }}",
                      {}),
              "[]NoneNoneTrueTrueTrue");
    TemplateInput input;
    input.bos_token = "<s>";
    input.kwargs = {{"enable_thinking", false}, {"bos_token", "<other>"}};
    EXPECT_EQ(text_of("{{ bos_token }}{{ enable_thinking }}", input), "<other>False");
}

TEST(ChatTemplate, RendersTheSameTextTwiceAndAfterAMove) {
    auto parsed = ChatTemplate::parse("{% set x = [1] %}{{ x.append(2) }}{{ x }}");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->render({})->text, "None[1, 2]");
    const ChatTemplate moved = *std::move(parsed);
    EXPECT_EQ(moved.render({})->text, "None[1, 2]");
}

TEST(ChatTemplate, TellsARefusalFromAMistake) {
    EXPECT_EQ(text_of("{{ raise_exception('roles must alternate') }}", {}),
              "the chat template refuses: roles must alternate");
    EXPECT_EQ(text_of("\n{{ 1 / 0 }}", {}), "chat template, line 2: division by zero");
    EXPECT_EQ(text_of("\n{{", {}), "chat template, line 2: a tag is not closed");
}

// Templates write '<|' + role + '|>'. A plain word is no control token by itself.
TEST(ChatTemplate, ARoleOfOneWordIsTheTemplates) {
    const auto marks = [](std::string_view role) {
        TemplateInput input;
        input.messages = {{{"role", role}, {"content", "Hi"}}};
        auto parsed =
            ChatTemplate::parse("{{ '<|' + messages[0].role + '|>' + messages[0].content }}");
        return parsed->render(input)->from_input;
    };
    EXPECT_EQ(marks("user"), (std::vector<ByteRange>{{8, 10}}));
    EXPECT_EQ(marks("a|>b"), (std::vector<ByteRange>{{2, 6}, {8, 10}}));
    EXPECT_EQ(marks(std::string(33, 'a')).size(), 2u);
}

// Appends a sign that no template contains to every text of the conversation but its roles.
constexpr std::string_view kSign = "\u2603";
void sign(io::Json& json) {
    if (json.is_string()) {
        json = json.get<std::string>() + std::string(kSign);
    } else if (json.is_array()) {
        for (io::Json& item : json) sign(item);
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.items()) {
            if (key != "role" && key != "type") sign(value);
        }
    }
}

bool is_marked(const Rendered& rendered, ByteRange range) {
    return std::any_of(
        rendered.from_input.begin(), rendered.from_input.end(), [&](const auto& mark) {
            return mark.begin <= range.begin && range.end <= mark.end;
        });
}

// Visits each published template with each of its cases.
template <class Visit>
void each_published_case(const std::filesystem::path& folder, Visit visit) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".jinja") continue;
        auto parsed = ChatTemplate::parse(tests::slurp(entry.path()));
        ASSERT_TRUE(parsed) << entry.path();
        std::filesystem::path cases = entry.path();
        for (const io::Json& test_case : json_lines(cases.replace_extension(".cases.jsonl"))) {
            SCOPED_TRACE(entry.path().stem().string() + ", " +
                         test_case["name"].get<std::string>());
            visit(*parsed, input_of(test_case));
        }
    }
}

TEST(ChatTemplate, WhatCameFromTheConversationIsAlwaysMarked) {
    GREENROOM_NEED_SHARED(folder, "templates");
    std::size_t n_signs = 0;
    each_published_case(folder, [&](const ChatTemplate& parsed, TemplateInput input) {
        sign(input.messages);
        sign(input.tools);
        const auto rendered = parsed.render(input);
        if (!rendered) return;  // a template may refuse a signed word
        for (std::size_t at = 0; (at = rendered->text.find(kSign, at)) != std::string::npos; ++at) {
            EXPECT_TRUE(is_marked(*rendered, {at, at + kSign.size()}))
                << rendered->text.substr(0, at);
            ++n_signs;
        }
    });
    EXPECT_GT(n_signs, 10'000u);
}

// <|…|>, <｜…｜>, [INST]: what the template writes itself stays free of marks, so that it is read
// as a control token.
TEST(ChatTemplate, TheTemplatesOwnControlTokensAreNeverMarked) {
    GREENROOM_NEED_SHARED(folder, "templates");
    const std::regex token("<\\|[^|> ]*\\|>|\\[/?[A-Z_]+\\]|<\uFF5C[^>]*\uFF5C>");
    std::size_t n_tokens = 0;
    each_published_case(folder, [&](const ChatTemplate& parsed, const TemplateInput& input) {
        const auto rendered = parsed.render(input);
        if (!rendered) return;
        const std::string given = input.messages.dump() + input.tools.dump() + input.kwargs.dump();
        for (std::sregex_iterator found(rendered->text.begin(), rendered->text.end(), token), end;
             found != end;
             ++found) {
            if (given.find(found->str()) != std::string::npos) continue;
            const auto begin = static_cast<std::size_t>(found->position());
            const std::size_t stop = begin + found->str().size();
            for (const ByteRange& mark : rendered->from_input) {
                EXPECT_FALSE(mark.begin < stop && begin < mark.end) << found->str();
            }
            ++n_tokens;
        }
    });
    EXPECT_GT(n_tokens, 10'000u);
}

}  // namespace
}  // namespace greenroom::runtime
