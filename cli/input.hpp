// Text that a command is given: on the command line, in a file, on standard input. Knows nothing of
// terminals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/result.hpp"

namespace greenroom::cli {

// The whole of a file; "-" is standard input. At most 1 GiB.
io::Result<std::string> read_input(const std::string& path);

// The next line of standard input without its line break; empty at its end.
std::optional<std::string> read_input_line();

// "1,2,3", with spaces where people like them, as token ids.
io::Result<std::vector<std::int32_t>> parse_ids(std::string_view text);

// `text`, with every byte that belongs to no well-formed UTF-8 sequence as U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace greenroom::cli
