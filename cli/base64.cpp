#include "cli/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace greenroom::cli {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The `n` (1 to 3) bytes at the front of `bytes` as the high bits of 24.
std::uint32_t pack(std::string_view bytes, std::size_t n) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        bits = bits << 8 | (i < n ? static_cast<std::uint8_t>(bytes[i]) : 0);
    }
    return bits;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    while (!bytes.empty()) {
        const std::size_t n = std::min<std::size_t>(bytes.size(), 3);
        const std::uint32_t bits = pack(bytes, n);
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= n ? kDigits[bits >> (18 - 6 * i) & 63] : '=';
        }
        bytes.remove_prefix(n);
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int n_bits = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        n_bits += 6;
        if (n_bits < 8) continue;
        n_bits -= 8;
        out += static_cast<char>(bits >> n_bits & 0xFF);
    }
    return out;
}

}  // namespace greenroom::cli
