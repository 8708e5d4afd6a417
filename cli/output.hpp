// Standard output: where data goes, and nothing else. That all of it arrived is checked once, when
// the program ends.
#pragma once

#include <string_view>

#include "io/json.hpp"

namespace greenroom::cli {

// Buffered. False when standard output can no longer be written: the reader left, the disk is full.
bool print(std::string_view text);
// The same, handed on at once.
bool print_now(std::string_view text);

// One value, one line. Bytes that are not UTF-8 become U+FFFD.
bool print_json(const io::Json& value);

// Hands on what is still buffered. An Error says why standard output could not be written; that the
// reader left is none.
io::Result<void> finish_output();

}  // namespace greenroom::cli
