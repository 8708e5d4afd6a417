#include "runtime/text/load/added_tokens.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/text/load/json_fields.hpp"
#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {

io::Result<AddedToken> read_added_token(const io::Json& json, TokenId id, std::string_view where) {
    AddedToken token;
    token.id = id;
    const auto text = text_field(json, "content", where);
    if (!text) return text.error();
    if (!*text) return missing_field("content", where);
    token.text = std::string(**text);
    bool single_word = false;
    for (auto [key, value] : {std::pair{"special", &token.special},
                              {"lstrip", &token.strip_left},
                              {"rstrip", &token.strip_right},
                              {"single_word", &single_word}}) {
        const auto flag = flag_field(json, key, where);
        if (!flag) return flag.error();
        *value = flag->value_or(false);
    }
    if (single_word) return io::Error{fmt::format("{}: single_word is true; not supported", where)};
    return token;
}

void add_tokens(std::span<const AddedToken> added, std::vector<Token>& tokens) {
    Token filler;
    filler.type = TokenType::unused;
    for (const AddedToken& each : added) {
        const auto id = static_cast<std::size_t>(each.id);
        if (id >= tokens.size()) tokens.resize(id + 1, filler);
        Token& token = tokens[id];
        if (token.type != TokenType::unknown) {
            token.type = each.special ? TokenType::control : TokenType::user_defined;
        }
        // Text is searched for these before its spaces are marked.
        token.text = each.special ? each.text : unmark_spaces(each.text);
        token.strip_left = each.strip_left;
        token.strip_right = each.strip_right;
    }
}

}  // namespace greenroom::runtime
