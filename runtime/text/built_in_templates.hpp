// Chat templates of our own, for models that ship none. Knows names and sources, not files.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace greenroom::runtime {

struct BuiltInTemplate {
    std::string_view name;
    std::string_view body;  // without the macro that all share
};

// chatml, llama2, llama3, mistral-v1, mistral-v3, plain.
std::span<const BuiltInTemplate> built_in_templates();
std::string built_in_names();  // "chatml, llama2, …", for messages
// The source of the one of that name; empty when there is none.
std::string built_in_source(std::string_view name);

using TokenExists = std::function<bool(std::string_view token)>;

// What a model was most likely trained on, judged by its vocabulary and then by its architecture
// ("llama", "mixtral", …); "plain" when neither tells.
std::string_view built_in_for(const TokenExists& has_token, std::string_view architecture);

}  // namespace greenroom::runtime
