// Bytes that are not text, inside JSON (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace greenroom::cli {

std::string to_base64(std::string_view bytes);
// Empty when `text` is not base64: wrong characters, padding missing or misplaced.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace greenroom::cli
