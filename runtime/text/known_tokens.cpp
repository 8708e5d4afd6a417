#include "runtime/text/known_tokens.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {

// clang-format off
constexpr std::string_view kEnds[] = {
    "</s>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|im_end|>",
    "<|end|>", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>", "<end_of_turn>", "<turn|>",
    "<EOT>", "_<EOT>", "[EOT]", "<|EOT|>", "[EOS]", "<eos>", "<|eos|>", "<end_of_utterance>",
    "<｜end▁of▁sentence｜>",
};

constexpr std::string_view kMarks[] = {
    "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<PRE>", "▁<PRE>", "<｜fim▁begin｜>",
    "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<SUF>", "▁<SUF>", "<｜fim▁hole｜>",
    "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<MID>", "▁<MID>", "<｜fim▁end｜>",
    "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "<|fim_repo|>", "<fim-repo>", "<REPO>",
    "<|repo_name|>", "<reponame>", "<|file_sep|>", "<|tool_response>",
};
// clang-format on

// Normal tokens may well be called "</s>" or "<PRE>": text holds markup. Nobody writes "<|" so.
bool must_be_control(const Token& token) {
    if (token.type == TokenType::normal && !token.text.starts_with("<|") &&
        !token.text.starts_with("<｜")) {
        return false;
    }
    return std::ranges::find(kEnds, token.text) != std::end(kEnds) ||
           std::ranges::find(kMarks, token.text) != std::end(kMarks);
}

std::optional<TokenId> find_control(const Vocabulary& vocabulary, std::string_view name) {
    const auto id = vocabulary.find(name);
    return id && vocabulary[*id].type == TokenType::control ? id : std::nullopt;
}

}  // namespace

std::optional<std::string> correct_token_types(std::vector<Token>& tokens) {
    std::string names;
    for (Token& token : tokens) {
        if (is_control_type(token.type) || !must_be_control(token)) continue;
        token.type = TokenType::control;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", io::printable(token.text));
    }
    if (names.empty()) return std::nullopt;
    return "the file marks as text what is treated as control tokens: " + names;
}

std::vector<TokenId> ends_by_name(const Vocabulary& vocabulary) {
    // Where these two exist, "<|end|>" ends a message, and more messages follow in the same reply.
    const bool has_messages =
        find_control(vocabulary, "<|return|>") && find_control(vocabulary, "<|call|>");
    std::vector<TokenId> ids;
    for (const std::string_view name : kEnds) {
        if (has_messages && name == "<|end|>") continue;
        if (const auto id = find_control(vocabulary, name)) ids.push_back(*id);
    }
    return ids;
}

}  // namespace greenroom::runtime
