// Whether bytes are UTF-8, by the table of well-formed sequences. Knows no character classes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace greenroom::io {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;  // 1 to 4
};

// The well-formed sequence that `text` (not empty) starts with; empty when it starts with none.
std::optional<CodePoint> first_code_point(std::string_view text);

// How many bytes `text` starts with that are well-formed.
std::size_t utf8_prefix(std::string_view text);

// True when all of `text` is well-formed.
bool is_utf8(std::string_view text);

}  // namespace greenroom::io
