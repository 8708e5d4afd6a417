#include <cstdint>
#include <fmt/format.h>

#include "io/file.hpp"
#include "io/utf8.hpp"

namespace greenroom::io {
namespace {

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
