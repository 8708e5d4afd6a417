// Vocabularies of a few tokens.
#pragma once

#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/text/merge_table.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::tests {

inline runtime::Token token(std::string text,
                            runtime::TokenType type = runtime::TokenType::normal,
                            float score = 0) {
    runtime::Token made;
    made.text = std::move(text);
    made.type = type;
    made.score = score;
    return made;
}

inline runtime::Token control(std::string text) {
    return token(std::move(text), runtime::TokenType::control);
}

inline runtime::Token user_defined(std::string text) {
    return token(std::move(text), runtime::TokenType::user_defined);
}

// Contract: the tokens make a vocabulary.
inline runtime::Vocabulary vocabulary_of(std::vector<runtime::Token> tokens) {
    auto built = runtime::Vocabulary::build(std::move(tokens));
    if (!built) ADD_FAILURE() << built.error().message;
    return std::move(*built);
}

// Normal tokens only, with falling scores.
inline std::vector<runtime::Token> normal_tokens(std::initializer_list<std::string_view> texts) {
    std::vector<runtime::Token> tokens;
    for (const std::string_view text : texts) {
        const float score = -static_cast<float>(tokens.size());
        tokens.push_back(token(std::string(text), runtime::TokenType::normal, score));
    }
    return tokens;
}

// "<0x00>" to "<0xFF>".
inline std::vector<runtime::Token> byte_tokens() {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::vector<runtime::Token> tokens;
    for (unsigned b = 0; b < 256; ++b) {
        tokens.push_back(token(std::string("<0x") + kDigits[b >> 4] + kDigits[b & 15] + ">",
                               runtime::TokenType::byte));
    }
    return tokens;
}

inline runtime::MergeTable merges_of(const runtime::Vocabulary& vocabulary,
                                     const std::vector<std::string_view>& texts) {
    std::vector<runtime::MergeSides> sides;
    for (const std::string_view text : texts) sides.push_back(*runtime::split_merge(text));
    return runtime::MergeTable(vocabulary, sides);
}

// The texts of `ids`, joined by '|'.
inline std::string texts_of(const runtime::Vocabulary& vocabulary,
                            const std::vector<runtime::TokenId>& ids) {
    std::string joined;
    for (const runtime::TokenId id : ids) {
        joined += (joined.empty() ? "" : "|") + vocabulary[id].text;
    }
    return joined;
}

}  // namespace greenroom::tests
