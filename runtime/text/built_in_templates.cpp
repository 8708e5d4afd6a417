#include "runtime/text/built_in_templates.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

// The text of a message whose content is a string, a list of parts, or null.
constexpr std::string_view kTextMacro =
    R"({%- macro text(content) -%}
    {%- if content is string -%}{{ content }}
    {%- elif content -%}
        {%- for part in content -%}{{ part if part is string else part.text }}{%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
)";

constexpr std::string_view kChatMl =
    R"({%- for message in messages -%}
    {{- '<|im_start|>' + message.role + '\n' + text(message.content) + '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%})";

constexpr std::string_view kLlama3 =
    R"({{- bos_token -}}
{%- for message in messages -%}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' -}}
    {{- text(message.content)|trim + '<|eot_id|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
{%- endif -%})";

// System texts have no place of their own: they open the next question.
constexpr std::string_view kLlama2 =
    R"({%- set ns = namespace(system='') -%}
{%- for message in messages -%}
    {%- if message.role == 'system' -%}
        {%- set ns.system = '<<SYS>>\n' + text(message.content) + '\n<</SYS>>\n\n' -%}
    {%- elif message.role == 'assistant' -%}
        {{- ' ' + text(message.content) + ' ' + eos_token -}}
    {%- else -%}
        {{- bos_token + '[INST] ' + ns.system + text(message.content) + ' [/INST]' -}}
        {%- set ns.system = '' -%}
    {%- endif -%}
{%- endfor -%})";

constexpr std::string_view kMistral1 =
    R"({%- set ns = namespace(system='') -%}
{{- bos_token -}}
{%- for message in messages -%}
    {%- if message.role == 'system' -%}
        {%- set ns.system = text(message.content) + '\n\n' -%}
    {%- elif message.role == 'assistant' -%}
        {{- ' ' + text(message.content) + eos_token -}}
    {%- else -%}
        {{- ' [INST] ' + ns.system + text(message.content) + ' [/INST]' -}}
        {%- set ns.system = '' -%}
    {%- endif -%}
{%- endfor -%})";

constexpr std::string_view kMistral3 =
    R"({%- set ns = namespace(system='') -%}
{{- bos_token -}}
{%- for message in messages -%}
    {%- if message.role == 'system' -%}
        {%- set ns.system = text(message.content) + '\n\n' -%}
    {%- elif message.role == 'assistant' -%}
        {{- ' ' + text(message.content) + eos_token -}}
    {%- else -%}
        {{- '[INST] ' + ns.system + text(message.content) + '[/INST]' -}}
        {%- set ns.system = '' -%}
    {%- endif -%}
{%- endfor -%})";

constexpr std::string_view kPlain =
    R"({{- bos_token -}}
{%- for message in messages -%}
    {%- if message.role == 'system' -%}
        {{- text(message.content) + '\n\n' -}}
    {%- elif message.role == 'assistant' -%}
        {{- 'Assistant: ' + text(message.content) + eos_token + '\n\n' -}}
    {%- else -%}
        {{- 'User: ' + text(message.content) + '\n\n' -}}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- 'Assistant:' -}}{%- endif -%})";

constexpr std::array kTemplates = std::to_array<BuiltInTemplate>({
    {"chatml", kChatMl},
    {"llama2", kLlama2},
    {"llama3", kLlama3},
    {"mistral-v1", kMistral1},
    {"mistral-v3", kMistral3},
    {"plain", kPlain},
});

}  // namespace

std::span<const BuiltInTemplate> built_in_templates() {
    return kTemplates;
}

std::string built_in_names() {
    std::string out;
    for (const BuiltInTemplate& each : kTemplates) {
        out += fmt::format("{}{}", out.empty() ? "" : ", ", each.name);
    }
    return out;
}

std::string built_in_source(std::string_view name) {
    const auto* found = std::find_if(
        kTemplates.begin(), kTemplates.end(), [&](const auto& each) { return each.name == name; });
    return found == kTemplates.end() ? "" : fmt::format("{}{}", kTextMacro, found->body);
}

std::string_view built_in_for(const TokenExists& has_token, std::string_view architecture) {
    if (has_token("<|im_start|>") && has_token("<|im_end|>")) return "chatml";
    if (has_token("<|start_header_id|>") && has_token("<|eot_id|>")) return "llama3";
    if (has_token("[INST]") && has_token("[/INST]")) return "mistral-v3";
    if (architecture == "mixtral" || architecture == "mistral") return "mistral-v1";
    // Llama 2 and what descends from it has no tokens of its own for turns.
    if (architecture == "llama" && has_token("<0x0A>") && has_token("</s>")) return "llama2";
    return "plain";
}

}  // namespace greenroom::runtime
