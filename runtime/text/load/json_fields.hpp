// Members of JSON objects with their types checked. `where` names the object in errors: file and
// path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// Null when `json` is no object, or has no such member, or it is null.
const io::Json* find_field(const io::Json& json, std::string_view key);

// An error for members of another type; empty when there is none.
io::Result<std::optional<std::string_view>> text_field(const io::Json& json,
                                                       std::string_view key,
                                                       std::string_view where);
io::Result<std::optional<bool>> flag_field(const io::Json& json,
                                           std::string_view key,
                                           std::string_view where);

// Ids of tokens in JSON files are below this: a file of a few bytes must not ask for gigabytes.
inline constexpr TokenId kMaxJsonTokens = 1 << 20;
inline constexpr std::string_view kTokenIdExpected = "a token id below 1048576";
std::optional<TokenId> as_token_id(const io::Json& json);

io::Error missing_field(std::string_view key, std::string_view where);
// "PATH: KEY is VALUE; expected EXPECTED", with the value cut short.
io::Error wrong_field(std::string_view key,
                      const io::Json& value,
                      std::string_view expected,
                      std::string_view where);

}  // namespace greenroom::runtime
