#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "io/file.hpp"

namespace greenroom::io {
namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;
};

// The well-formed UTF-8 sequence that `text` starts with (Unicode 15, table 3-7); empty when it
// starts with none.
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

// Characters that steer a terminal or the direction of text.
bool is_unsafe(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    while (!text.empty()) {
        const auto point = first_code_point(text);
        const std::size_t bytes = point ? point->bytes : 1;
        std::string piece(text.substr(0, bytes));
        if (!point || (point->value < 0x80 && is_unsafe(point->value))) {
            piece = fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
        } else if (is_unsafe(point->value)) {
            piece = fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point->value));
        }
        if (out.size() + piece.size() > limit) return out + "…";
        out += piece;
        text.remove_prefix(bytes);
    }
    return out;
}

std::string printable_path(const std::filesystem::path& path) {
    constexpr std::size_t kLongestPath = 4096;  // PATH_MAX
    return printable(std::string_view(path.native()), kLongestPath);
}

}  // namespace greenroom::io
