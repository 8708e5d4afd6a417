// Renders conversations with a model's own chat template: a small, strict Jinja, sandboxed by
// construction. Knows no model and no tokenizer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/byte_range.hpp"
#include "runtime/text/jinja/limits.hpp"

namespace greenroom::runtime {

struct TemplateInput {
    io::Json messages = io::Json::array();  // OpenAI shape
    io::Json tools = nullptr;
    io::Json documents = nullptr;
    bool add_generation_prompt = true;
    std::string bos_token, eos_token;
    io::Json kwargs = io::Json::object();  // further variables, e.g. enable_thinking
    std::optional<std::int64_t> now;  // seconds since 1970 (UTC) for strftime_now; empty: clock
};

struct Rendered {
    std::string text;
    // Bytes that came from messages, tools, documents or kwargs, not from the template: ascending,
    // disjoint. They are tokenised with special tokens off (EncodeOptions::literal). A role that is
    // one plain word counts as the template's, since templates build <|role|> from it.
    std::vector<ByteRange> from_input;
};

class ChatTemplate {
 public:
    // An Error names the line: unclosed blocks, unknown statements, source too large or too deep.
    static io::Result<ChatTemplate> parse(std::string_view source, TemplateLimits limits = {});
    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;
    ~ChatTemplate();

    // An Error says what the template raised (raise_exception: its message exactly, after a prefix)
    // or which limit it ran into.
    io::Result<Rendered> render(const TemplateInput& input) const;

 private:
    struct State;
    explicit ChatTemplate(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace greenroom::runtime
