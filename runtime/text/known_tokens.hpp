// What some tokens mean by their name alone, because files do not say it or say it wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// Files exist that store control tokens (ends of a turn, fill-in-the-middle marks) as tokens which
// text may contain; a user could then write them. Makes them control tokens and says which.
std::optional<std::string> correct_token_types(std::vector<Token>& tokens);

// The control tokens that end a reply by their name: "<|im_end|>", "<|eot_id|>", …
std::vector<TokenId> ends_by_name(const Vocabulary& vocabulary);

}  // namespace greenroom::runtime
