#include "runtime/generate/prompt.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace greenroom::runtime {
namespace {

std::string text_of(const Tokenizer& tokenizer, std::optional<TokenId> id) {
    return id ? tokenizer.piece(*id, true) : std::string();
}

// A word that no template contains.
constexpr std::string_view kProbe = "qvxz";

io::Json message(std::string_view role, std::string_view content) {
    return {{"role", role}, {"content", content}};
}

}  // namespace

PromptEncoder::PromptEncoder(const Tokenizer& tokenizer, const ChatTemplate& chat_template)
    : tokenizer_(tokenizer), chat_template_(chat_template) {
    if (tokenizer.kind() != "spm") return;
    const io::Result<Rendered> probe =
        render({message("user", "a"), message("assistant", kProbe)}, false);
    if (!probe) return;  // encode will say why
    if (writes_spaces(*probe)) space_prefix_ = false;
    const std::size_t reply = probe->text.find(kProbe);
    if (reply == std::string::npos || reply == 0) return;
    const char before = probe->text[reply - 1];
    space_before_replies_ = before != ' ' && before != '\n';
}

io::Result<std::vector<TokenId>> PromptEncoder::encode(io::Json messages) const {
    if (space_before_replies_) {
        for (io::Json& m : messages) {
            if (m.value("role", "") != "assistant" || !m["content"].is_string()) continue;
            m["content"] = " " + m["content"].get_ref<const std::string&>();
        }
    }
    const io::Result<Rendered> rendered = render(std::move(messages), true);
    if (!rendered) return rendered.error();
    return tokenize(*rendered);
}

io::Result<Rendered> PromptEncoder::render(io::Json messages, bool add_generation_prompt) const {
    TemplateInput input;
    input.messages = std::move(messages);
    input.add_generation_prompt = add_generation_prompt;
    input.bos_token = text_of(tokenizer_, tokenizer_.bos());
    input.eos_token = text_of(tokenizer_, tokenizer_.eos());
    return chat_template_.render(input);
}

// add_special would also put an EOS behind the prompt where a model has one behind its texts.
std::vector<TokenId> PromptEncoder::tokenize(const Rendered& rendered) const {
    std::vector<TokenId> ids = tokenizer_.encode(rendered.text,
                                                 {.add_special = false,
                                                  .parse_special = true,
                                                  .literal = rendered.from_input,
                                                  .space_prefix = space_prefix_});
    const std::optional<TokenId> bos = tokenizer_.bos();
    if (tokenizer_.adds_bos() && bos && (ids.empty() || ids.front() != *bos)) {
        ids.insert(ids.begin(), *bos);
    }
    return ids;
}

// Whether the first text behind the control tokens at the beginning starts with a space.
bool PromptEncoder::writes_spaces(const Rendered& rendered) const {
    const std::vector<TokenId> ids = tokenizer_.encode(
        rendered.text, {.add_special = false, .parse_special = true, .space_prefix = false});
    for (const TokenId id : ids) {
        if (!tokenizer_.is_control(id)) return tokenizer_.piece(id, false).starts_with(' ');
    }
    return false;
}

}  // namespace greenroom::runtime
