#include "runtime/text/chat_template.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "runtime/text/jinja/interpreter.hpp"
#include "runtime/text/jinja/syntax/lexer.hpp"
#include "runtime/text/jinja/syntax/parser.hpp"
#include "runtime/text/jinja/values/from_json.hpp"

namespace greenroom::runtime {
namespace {

using jinja::Origin;
using jinja::Value;

std::int64_t seconds_now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

// Alone such a word spells no control token: it only completes one that the template begins.
bool is_plain_word(std::string_view text) {
    constexpr std::size_t kLongestRole = 32;
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return text.size() <= kLongestRole && std::all_of(text.begin(), text.end(), plain);
}

void trust_role(jinja::Rendering& run, jinja::Dict& message) {
    for (auto& [key, value] : message.entries) {
        const bool is_role = key.is(jinja::Kind::string) && key.view() == "role";
        if (!is_role || !value.is(jinja::Kind::string) || !is_plain_word(value.view())) continue;
        value = run.string(value.view());
    }
}

Value import_messages(jinja::Rendering& run, const io::Json& json) {
    Value messages = jinja::from_json(run, json, Origin::input);
    if (!messages.is(jinja::Kind::list)) return messages;
    for (const Value& message : messages.list().items) {
        if (message.is(jinja::Kind::dict)) trust_role(run, message.dict());
    }
    return messages;
}

void define_input(jinja::Rendering& run,
                  jinja::Interpreter& interpreter,
                  const TemplateInput& input) {
    interpreter.define("messages", import_messages(run, input.messages));
    interpreter.define("tools", jinja::from_json(run, input.tools, Origin::input));
    interpreter.define("documents", jinja::from_json(run, input.documents, Origin::input));
    interpreter.define("add_generation_prompt", Value::boolean(input.add_generation_prompt));
    interpreter.define("bos_token", run.string(input.bos_token));
    interpreter.define("eos_token", run.string(input.eos_token));
    if (!input.kwargs.is_object()) return;
    for (const auto& [name, value] : input.kwargs.get_ref<const io::Json::object_t&>()) {
        interpreter.define(name, jinja::from_json(run, value, Origin::input));
    }
}

}  // namespace

struct ChatTemplate::State {
    TemplateLimits limits;
    std::unique_ptr<const jinja::ParsedTemplate> parsed;
};

ChatTemplate::ChatTemplate(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

io::Result<ChatTemplate> ChatTemplate::parse(std::string_view source, TemplateLimits limits) {
    auto parsed = jinja::parse_template(source, limits);
    if (!parsed) return parsed.error();
    return ChatTemplate(std::make_unique<State>(State{limits, *std::move(parsed)}));
}

io::Result<Rendered> ChatTemplate::render(const TemplateInput& input) const {
    jinja::Rendering run(state_->limits, input.now.value_or(seconds_now()));
    jinja::Interpreter interpreter(run);
    define_input(run, interpreter, input);
    jinja::Text text = interpreter.render(state_->parsed->body);
    if (run.meter.raised()) {
        return io::Error{fmt::format("the chat template refuses: {}", run.meter.problem())};
    }
    if (run.meter.failed()) return jinja::template_error(run.meter.line(), run.meter.problem());
    return Rendered{std::move(text.bytes), std::move(text.input)};
}

}  // namespace greenroom::runtime
