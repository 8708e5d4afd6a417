// Strings and numbers of JSON text, strictly by RFC 8259. Private to io/json.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "io/json.hpp"

namespace greenroom::io::json {

// Where the string that `text` starts with (after its opening quote) ends: the index of its closing
// quote, or of a character that may not be there; the size of `text` when it is not closed.
std::size_t find_string_end(std::string_view text);

// Appends `raw`, what lies between the quotes, to `out` with its escapes resolved. False, and `bad`
// the index in `raw`, where an escape is none.
bool unescape(std::string_view raw, std::string& out, std::size_t& bad);

// The length of the number that `text` starts with; 0 when it starts with none.
std::size_t number_length(std::string_view text);

// A number by its text: an integer where it fits 64 bits, otherwise a float; null when even that
// cannot hold it.
Json number_value(std::string_view text);

}  // namespace greenroom::io::json
