// A conversation as the token ids that a model reads: the template's own text may name control
// tokens, what people typed never does. Knows no model.
#pragma once

#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// What the tokenizer and the template give each other: the texts of BOS and EOS.
TemplateInput template_input(const Tokenizer& tokenizer, io::Json messages);

// Exactly one BOS where the model wants one, whether or not the template writes it.
std::vector<TokenId> encode_rendered(const Tokenizer& tokenizer, const Rendered& rendered);

// Both in one. An Error is the template's.
io::Result<std::vector<TokenId>> encode_messages(const Tokenizer& tokenizer,
                                                 const ChatTemplate& chat_template,
                                                 io::Json messages);

}  // namespace greenroom::runtime
