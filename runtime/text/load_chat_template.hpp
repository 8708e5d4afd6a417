// A model's chat template, found and parsed, with what it needs of the tokenizer.
#pragma once

#include <string>
#include <string_view>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "runtime/text/chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

struct LoadedTemplate {
    ChatTemplate chat_template;
    std::string origin;                // as FoundTemplate says it
    std::string bos_token, eos_token;  // as the model spells them, or as its tokenizer does
};

// `wanted` as in find_chat_template. An Error says where the template stands that cannot be used.
io::Result<LoadedTemplate> load_chat_template(const io::ModelFiles& files,
                                              const Tokenizer& tokenizer,
                                              std::string_view wanted = {});

}  // namespace greenroom::runtime
