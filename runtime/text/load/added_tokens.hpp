// Tokens that are added to a vocabulary by id: special ones and the user's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

struct AddedToken {
    TokenId id = 0;
    std::string text;
    bool special = false;  // a control token
    bool strip_left = false;
    bool strip_right = false;
};

// One description as tokenizer.json and tokenizer_config.json have it. `where` names it in errors.
io::Result<AddedToken> read_added_token(const io::Json& json, TokenId id, std::string_view where);

// Puts them into their places; ids between are filled with tokens that nothing matches.
void add_tokens(std::span<const AddedToken> added, std::vector<Token>& tokens);

}  // namespace greenroom::runtime
