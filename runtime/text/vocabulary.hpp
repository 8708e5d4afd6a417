// The tokens of a model and how to find them. Knows no algorithm that cuts text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// GGUF's numbers, which are SentencePiece's.
enum class TokenType : std::uint8_t {
    normal = 1,
    unknown = 2,
    control = 3,
    user_defined = 4,
    unused = 5,
    byte = 6,
};

struct Token {
    std::string text;  // as the file spells it: with U+2581 for a space, or byte-level characters
    TokenType type = TokenType::normal;
    float score = 0;
    bool strip_left = false;   // swallows the white space before it
    bool strip_right = false;  // and after it
};

// Control tokens and the unknown token: never made of ordinary text.
bool is_control_type(TokenType type);

// What ordinary text may become: normal and user-defined tokens.
bool is_ordinary_type(TokenType type);

// A byte token for each value: "<0x00>" to "<0xFF>".
std::optional<std::uint8_t> parse_byte_token(std::string_view text);

class Vocabulary {
 public:
    // An Error names the token: malformed byte tokens, control tokens that are too long, scores
    // that are not numbers. The text of a token may be anything, even empty.
    static io::Result<Vocabulary> build(std::vector<Token> tokens);
    Vocabulary(Vocabulary&&) = default;
    Vocabulary& operator=(Vocabulary&&) = default;

    std::size_t size() const { return tokens_.size(); }
    bool contains(TokenId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < tokens_.size();
    }
    // Contract: contains(id).
    const Token& operator[](TokenId id) const { return tokens_[static_cast<std::size_t>(id)]; }

    // The first token with this text, of any type.
    std::optional<TokenId> find(std::string_view text) const;
    // The same, if it is of an ordinary type.
    std::optional<TokenId> find_ordinary(std::string_view text) const;
    std::optional<TokenId> byte_token(std::uint8_t byte) const;

    std::size_t longest_bytes() const { return longest_; }
    std::size_t n_repeated() const { return n_repeated_; }  // tokens that find() never gives

 private:
    Vocabulary() = default;

    std::vector<Token> tokens_;
    std::unordered_map<std::string_view, TokenId> ids_;  // views into tokens_
    std::array<TokenId, 256> bytes_{};                   // -1 where there is none
    std::size_t longest_ = 0;
    std::size_t n_repeated_ = 0;
};

}  // namespace greenroom::runtime
