// Which chat template a model is used with: one that its files hold, or a built-in one. Knows where
// GGUF files and Hugging Face folders keep theirs, not what templates mean.
#pragma once

#include <string>
#include <string_view>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "runtime/text/built_in_templates.hpp"

namespace greenroom::runtime {

struct FoundTemplate {
    std::string source;
    std::string origin;  // where it stood: "tokenizer.chat_template", "built in: chatml"
    // As tokenizer_config.json spells them; empty when it does not.
    std::string bos_token, eos_token;
};

// `wanted` names one: a variant of the model's ("default", "tool_use"), or a built-in one. When it
// is empty it is the model's default, or where the model ships none the built-in that suits it. An
// Error names the file whose template cannot be read, or the names there are to choose from.
io::Result<FoundTemplate> find_chat_template(const io::ModelFiles& files,
                                             const TokenExists& has_token,
                                             std::string_view wanted = {});

}  // namespace greenroom::runtime
