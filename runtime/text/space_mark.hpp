// SentencePiece's spelling of a space, and the way there and back.
#pragma once

#include <string>
#include <string_view>

namespace greenroom::runtime {

inline constexpr std::string_view kSpaceMark = "\u2581";  // "▁"

// `text` with every space as a mark.
std::string mark_spaces(std::string_view text);
// `text` with every mark as a space.
std::string unmark_spaces(std::string_view text);

}  // namespace greenroom::runtime
