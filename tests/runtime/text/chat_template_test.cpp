#include "runtime/text/chat_template.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace greenroom::runtime
