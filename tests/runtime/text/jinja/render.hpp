// Renders a template in one line of a test.
#pragma once

#include <string>
#include <string_view>

#include "io/json.hpp"
#include "runtime/text/chat_template.hpp"

namespace greenroom::tests {

// `variables` are a JSON object: what the template sees as input.
inline io::Result<runtime::Rendered> render(std::string_view source,
                                            const io::Json& variables = io::Json::object(),
                                            runtime::TemplateLimits limits = {}) {
    auto parsed = runtime::ChatTemplate::parse(source, limits);
    if (!parsed) return parsed.error();
    runtime::TemplateInput input;
    input.kwargs = variables;
    input.now = 1'741'350'896;  // 2025-03-07 12:34:56
    return parsed->render(input);
}

// The text, or the error's message.
inline std::string rendered(std::string_view source,
                            const io::Json& variables = io::Json::object()) {
    const auto out = render(source, variables);
    return out ? out->text : out.error().message;
}

// The text with what came from the input in braces.
inline std::string marked(std::string_view source, const io::Json& variables) {
    const auto out = render(source, variables);
    if (!out) return out.error().message;
    std::string text = out->text;
    for (auto range = out->from_input.rbegin(); range != out->from_input.rend(); ++range) {
        text.insert(range->end, 1, '}');
        text.insert(range->begin, 1, '{');
    }
    return text;
}

}  // namespace greenroom::tests
