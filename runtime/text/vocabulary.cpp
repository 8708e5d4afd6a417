#include "runtime/text/vocabulary.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kMaxTokens = std::size_t(1) << 30;
// Longer texts that are matched literally are no names; matching would cost time on every text.
constexpr std::size_t kMaxMatchedBytes = 1024;

io::Error bad_token(std::size_t id, const Token& token, std::string_view what) {
    return {fmt::format("token {} \"{}\" {}", id, io::printable(token.text), what)};
}

io::Result<void> check(std::size_t id, const Token& token) {
    if (std::isnan(token.score)) return bad_token(id, token, "has a score that is not a number");
    if (token.type == TokenType::byte && !parse_byte_token(token.text)) {
        return bad_token(id, token, "is of type byte; expected \"<0x00>\" to \"<0xFF>\"");
    }
    const bool matched = is_control_type(token.type) || token.type == TokenType::user_defined;
    if (matched && token.text.size() > kMaxMatchedBytes) {
        return bad_token(id,
                         token,
                         fmt::format("is a special token of {} bytes; expected at most {}",
                                     token.text.size(),
                                     kMaxMatchedBytes));
    }
    return {};
}

}  // namespace

bool is_control_type(TokenType type) {
    return type == TokenType::control || type == TokenType::unknown;
}

bool is_ordinary_type(TokenType type) {
    return type == TokenType::normal || type == TokenType::user_defined;
}

std::optional<std::uint8_t> parse_byte_token(std::string_view text) {
    if (text.size() != 6 || !text.starts_with("<0x") || !text.ends_with('>')) return std::nullopt;
    std::uint8_t value = 0;
    const char* end = text.data() + 5;
    const auto parsed = std::from_chars(text.data() + 3, end, value, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return value;
}

io::Result<Vocabulary> Vocabulary::build(std::vector<Token> tokens) {
    if (tokens.empty()) return io::Error{"the vocabulary is empty; expected tokens"};
    if (tokens.size() > kMaxTokens) {
        return io::Error{fmt::format(
            "the vocabulary has {} tokens; expected at most {}", tokens.size(), kMaxTokens)};
    }
    Vocabulary built;
    built.tokens_ = std::move(tokens);
    built.ids_.reserve(built.tokens_.size());
    built.bytes_.fill(-1);
    for (std::size_t i = 0; i < built.tokens_.size(); ++i) {
        const Token& token = built.tokens_[i];
        if (auto ok = check(i, token); !ok) return ok.error();
        const auto id = static_cast<TokenId>(i);
        const bool is_new = built.ids_.try_emplace(token.text, id).second;
        if (!is_new && token.type != TokenType::unused) ++built.n_repeated_;
        built.longest_ = std::max(built.longest_, token.text.size());
        if (token.type == TokenType::byte) built.bytes_[*parse_byte_token(token.text)] = id;
    }
    return built;
}

std::optional<TokenId> Vocabulary::find(std::string_view text) const {
    if (text.size() > longest_) return std::nullopt;
    const auto found = ids_.find(text);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TokenId> Vocabulary::find_ordinary(std::string_view text) const {
    const auto id = find(text);
    if (!id) return std::nullopt;
    return is_ordinary_type((*this)[*id].type) ? id : std::nullopt;
}

std::optional<TokenId> Vocabulary::byte_token(std::uint8_t byte) const {
    return bytes_[byte] < 0 ? std::nullopt : std::optional(bytes_[byte]);
}

}  // namespace greenroom::runtime
