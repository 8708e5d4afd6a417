#include "runtime/text/chat_template.hpp"

#include <algorithm>
#include <string>

#include "tests/fuzz/target.hpp"

using namespace greenroom;

namespace {

// Small enough that a hostile template is through in milliseconds.
constexpr runtime::TemplateLimits kLimits{.steps = 20'000,
                                          .output_bytes = 1 << 16,
                                          .memory_bytes = 1 << 20,
                                          .source_bytes = 1 << 16,
                                          .depth = 40};

runtime::TemplateInput conversation(std::string_view content) {
    runtime::TemplateInput input;
    input.messages = {
        {{"role", "system"}, {"content", "Be brief."}},
        {{"role", "user"}, {"content", content}},
        {{"role", "assistant"},
         {"content", nullptr},
         {"tool_calls", {{{"function", {{"name", "f"}, {"arguments", {{"x", 1.5}}}}}}}}}};
    input.tools = {{{"type", "function"}, {"function", {{"name", "f"}, {"parameters", nullptr}}}}};
    input.bos_token = "<s>";
    input.eos_token = "</s>";
    input.kwargs = {{"flag", true}, {"n", 3}, {"text", content}, {"list", {3, 1, content}}};
    input.now = 1'741'350'896;
    return input;
}

void check_marks(const runtime::Rendered& rendered) {
    std::size_t end = 0;
    for (const runtime::ByteRange& mark : rendered.from_input) {
        fuzz::check(mark.begin < mark.end && mark.end <= rendered.text.size(),
                    "a mark lies in the text");
        fuzz::check(mark.begin >= end, "marks are in order and apart");
        end = mark.end;
    }
}

}  // namespace

// Up to the first NUL a template, behind it what a user says. It renders, the same both times, or
// it is an error.
void fuzz_chat_template(std::span<const std::byte> bytes) {
    const std::string_view all = fuzz::text_of(bytes);
    const std::size_t split = std::min(all.find('\0'), all.size());
    const auto parsed = runtime::ChatTemplate::parse(all.substr(0, split), kLimits);
    if (!parsed) return fuzz::check_message(parsed.error().message);
    const auto input = conversation(split < all.size() ? all.substr(split + 1) : "Hi");
    const auto rendered = parsed->render(input);
    const auto again = parsed->render(input);
    fuzz::check(rendered.ok() == again.ok(), "renders both times");
    if (rendered) {
        fuzz::check(rendered->text == again->text, "the same both times");
        fuzz::check(rendered->text.size() <= kLimits.output_bytes, "within the limit");
        return check_marks(*rendered);
    }
    // What a template raises is its own text, word for word.
    if (!rendered.error().message.starts_with("the chat template refuses: ")) {
        fuzz::check_message(rendered.error().message);
    }
}
