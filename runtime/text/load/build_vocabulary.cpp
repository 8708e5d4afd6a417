#include "runtime/text/load/build_vocabulary.hpp"

#include <fmt/format.h>

#include "io/file.hpp"
#include "runtime/text/known_tokens.hpp"

namespace greenroom::runtime {

io::Result<void> build_vocabulary(std::vector<Token> tokens,
                                  std::string_view file,
                                  TokenizerParts& parts) {
    if (auto warning = correct_token_types(tokens)) parts.warnings.push_back(std::move(*warning));
    auto vocabulary = Vocabulary::build(std::move(tokens));
    if (!vocabulary) return io::Error{fmt::format("{}: {}", file, vocabulary.error().message)};
    if (const std::size_t n = vocabulary->n_repeated(); n > 0) {
        parts.warnings.push_back(fmt::format("{} tokens repeat the text of an earlier one", n));
    }
    parts.vocabulary = std::make_unique<Vocabulary>(std::move(*vocabulary));
    return {};
}

std::optional<TokenId> usable_unknown(std::optional<TokenId> id, TokenizerParts& parts) {
    if (!id) return id;
    const Token& token = (*parts.vocabulary)[*id];
    if (token.type != TokenType::control || token.text == "<unk>") return id;
    parts.warnings.push_back(
        fmt::format("the unknown token is the control token {}; text without tokens is left out",
                    io::printable(token.text)));
    return std::nullopt;
}

MergeTable build_merges(std::span<const MergeSides> merges, TokenizerParts& parts) {
    MergeTable table(*parts.vocabulary, merges);
    if (const std::size_t n = table.n_left_out(); n > 0) {
        parts.warnings.push_back(
            fmt::format("{} merges are left out: text cannot become their tokens", n));
    }
    return table;
}

}  // namespace greenroom::runtime
