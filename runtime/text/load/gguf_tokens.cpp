#include "runtime/text/load/gguf_tokens.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::string_view kTokens = "tokenizer.ggml.tokens";
constexpr std::string_view kTypes = "tokenizer.ggml.token_type";
constexpr std::string_view kMerges = "tokenizer.ggml.merges";
constexpr std::string_view kScores = "tokenizer.ggml.scores";

io::Error missing(const io::Metadata& metadata, std::string_view key) {
    return {fmt::format("{}: {} is missing; expected a vocabulary", metadata.file_name(), key)};
}

io::Error wrong_length(const io::Metadata& metadata,
                       std::string_view key,
                       std::size_t length,
                       std::size_t n_tokens) {
    return {fmt::format("{}: {} has {} elements; expected {}, one for each token",
                        metadata.file_name(),
                        key,
                        length,
                        n_tokens)};
}

io::Result<void> read_types(const io::Metadata& metadata, std::vector<Token>& tokens) {
    const auto types = metadata.integers(kTypes);
    if (!types) return types.error();
    if (!*types) return {};
    if ((*types)->size() != tokens.size()) {
        return wrong_length(metadata, kTypes, (*types)->size(), tokens.size());
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::int64_t type = (**types)[i];
        if (type < 0 || type > 6) {
            return io::Error{fmt::format(
                "{}: {}[{}] is {}; expected 0 to 6", metadata.file_name(), kTypes, i, type)};
        }
        // 0 stands for "undefined" and is treated as any other token.
        tokens[i].type = type == 0 ? TokenType::normal : static_cast<TokenType>(type);
    }
    return {};
}

io::Result<void> read_scores(const io::Metadata& metadata, std::vector<Token>& tokens) {
    const auto scores = metadata.floats(kScores);
    if (!scores) return scores.error();
    if (!*scores) return {};
    if ((*scores)->size() != tokens.size()) {
        return wrong_length(metadata, kScores, (*scores)->size(), tokens.size());
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i].score = (**scores)[i];
    return {};
}

// Phi-3's special tokens swallow the white space after them; no key says so.
void mark_swallowing_tokens(const io::Metadata& metadata, std::vector<Token>& tokens) {
    const auto general_name = metadata.text("general.name");
    if (!general_name || *general_name == nullptr) return;
    std::string name = **general_name;
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    if (name.find("phi-3") == std::string::npos && name.find("phi3") == std::string::npos) return;
    for (Token& token : tokens) {
        const bool special = is_control_type(token.type) || token.type == TokenType::user_defined;
        token.strip_right = special && token.text != "<unk>" && token.text != "<s>" &&
                            token.text != "<|endoftext|>";
    }
}

}  // namespace

io::Result<std::vector<Token>> read_gguf_tokens(const io::Metadata& metadata, bool sentencepiece) {
    const auto texts = metadata.texts(kTokens);
    if (!texts) return texts.error();
    if (*texts == nullptr) return missing(metadata, kTokens);
    for (const std::string_view key : {kTypes, kScores}) {
        if (sentencepiece && metadata.find(key) == nullptr) return missing(metadata, key);
    }
    std::vector<Token> tokens((*texts)->size());
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i].text = (**texts)[i];
    if (auto ok = read_types(metadata, tokens); !ok) return ok.error();
    if (auto ok = read_scores(metadata, tokens); !ok) return ok.error();
    mark_swallowing_tokens(metadata, tokens);
    return tokens;
}

io::Result<std::optional<TokenId>> read_gguf_token_id(const io::Metadata& metadata,
                                                      std::string_view key,
                                                      std::size_t n_tokens) {
    const auto id = metadata.unsigned_integer(key);
    if (!id) return id.error();
    if (!*id) return std::optional<TokenId>();
    if (**id >= n_tokens) {
        return io::Error{fmt::format("{}: {} is {}; expected less than the {} tokens",
                                     metadata.file_name(),
                                     key,
                                     **id,
                                     n_tokens)};
    }
    return std::optional(static_cast<TokenId>(**id));
}

io::Result<std::vector<MergeSides>> read_gguf_merges(const io::Metadata& metadata) {
    const auto texts = metadata.texts(kMerges);
    if (!texts) return texts.error();
    if (*texts == nullptr) return missing(metadata, kMerges);
    std::vector<MergeSides> merges;
    merges.reserve((*texts)->size());
    for (const std::string_view text : **texts) {
        const auto sides = split_merge(text);
        if (!sides) {
            return io::Error{fmt::format("{}: {}[{}] is \"{}\"; expected two tokens and a space",
                                         metadata.file_name(),
                                         kMerges,
                                         merges.size(),
                                         io::printable(text))};
        }
        merges.push_back(*sides);
    }
    return merges;
}

}  // namespace greenroom::runtime
