#include "io/utf8.hpp"

#include <cstdint>

namespace greenroom::io {

// Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
std::optional<CodePoint> first_code_point(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return CodePoint{lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return std::nullopt;
    const std::size_t bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < bytes) return std::nullopt;
    char32_t value = lead & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
        value = value << 6 | (byte(i) & 0x3F);
    }
    const char32_t smallest = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest || value > 0x10FFFF || surrogate) return std::nullopt;
    return CodePoint{value, bytes};
}

std::size_t utf8_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto point = first_code_point(text.substr(at));
        if (!point) break;
        at += point->bytes;
    }
    return at;
}

bool is_utf8(std::string_view text) {
    return utf8_prefix(text) == text.size();
}

}  // namespace greenroom::io
