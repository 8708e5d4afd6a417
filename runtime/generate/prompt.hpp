// Conversations as the token ids that a model reads: the template's own text may name control
// tokens, what people typed never does. Knows no model.
#pragma once

#include <optional>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// Messages for one tokenizer and one template. Exactly one BOS where the model wants one, whether
// or not the template writes it.
//
// SentencePiece models put a space before text, and templates differ in whether they write it
// themselves. Which habit a template has is found out once, by rendering a short conversation:
// " [INST] …" gets no second space, and a reply behind "[/INST]" gets the one that the model will
// have begun it with.
class PromptEncoder {
 public:
    // Both outlive the encoder.
    PromptEncoder(const Tokenizer& tokenizer, const ChatTemplate& chat_template);

    // `messages` in the OpenAI shape. An Error is the template's.
    io::Result<std::vector<TokenId>> encode(io::Json messages) const;

 private:
    io::Result<Rendered> render(io::Json messages, bool add_generation_prompt) const;
    std::vector<TokenId> tokenize(const Rendered& rendered) const;
    bool writes_spaces(const Rendered& rendered) const;

    const Tokenizer& tokenizer_;
    const ChatTemplate& chat_template_;
    std::optional<bool> space_prefix_;  // as EncodeOptions takes it
    bool space_before_replies_ = false;
};

}  // namespace greenroom::runtime
