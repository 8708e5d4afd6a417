#include "io/json_scalars.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace greenroom::io::json {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// How many digits `text` starts with.
std::size_t digits(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    return count;
}

std::optional<char32_t> hex4(std::string_view text) {
    if (text.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + 4, value, 16);
    if (code != std::errc() || stop != text.data() + 4) return std::nullopt;
    return value;
}

void append_utf8(char32_t point, std::string& out) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | point >> 6);
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | point >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | point >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

bool is_low_surrogate(char32_t c) {
    return c >= 0xDC00 && c < 0xE000;
}

// The escape that `text` starts with after its "\u"; its length without these, 0 when it is none.
std::size_t append_unicode_escape(std::string_view text, std::string& out) {
    const auto first = hex4(text);
    if (!first || is_low_surrogate(*first)) return 0;
    if (*first < 0xD800 || *first >= 0xE000) {
        append_utf8(*first, out);
        return 4;
    }
    const auto second = text.substr(4).starts_with("\\u") ? hex4(text.substr(6)) : std::nullopt;
    if (!second || !is_low_surrogate(*second)) return 0;
    append_utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
    return 10;
}

}  // namespace

std::size_t find_string_end(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '"' || c < 0x20) return i;
        if (c == '\\') ++i;
    }
    return text.size();
}

bool unescape(std::string_view raw, std::string& out, std::size_t& bad) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    for (std::size_t i = 0; i < raw.size();) {
        const std::size_t escape = std::min(raw.find('\\', i), raw.size());
        out.append(raw, i, escape - i);
        if (escape == raw.size()) return true;
        bad = escape;
        if (escape + 1 == raw.size()) return false;
        i = escape + 2;
        if (raw[escape + 1] == 'u') {
            const std::size_t length = append_unicode_escape(raw.substr(i), out);
            if (length == 0) return false;
            i += length;
        } else {
            const std::size_t letter = kLetters.find(raw[escape + 1]);
            if (letter == std::string_view::npos) return false;
            out += kMeant[letter];
        }
    }
    return true;
}

std::size_t number_length(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits(text.substr(at));
    if (whole == 0) return 0;
    at += text[at] == '0' ? 1 : whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits(text.substr(at + 1));
        if (fraction == 0) return 0;
        at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        const bool is_signed = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
        const std::size_t begin = at + (is_signed ? 2 : 1);
        const std::size_t exponent = begin < text.size() ? digits(text.substr(begin)) : 0;
        if (exponent == 0) return 0;
        at = begin + exponent;
    }
    return at;
}

Json number_value(std::string_view text) {
    const char* begin = text.data();
    const char* end = begin + text.size();
    if (text.find_first_of(".eE") == std::string_view::npos) {
        std::uint64_t count = 0;
        std::int64_t integer = 0;
        if (text[0] != '-' && std::from_chars(begin, end, count).ec == std::errc()) return count;
        if (text[0] == '-' && std::from_chars(begin, end, integer).ec == std::errc())
            return integer;
    }
    double number = 0;
    if (std::from_chars(begin, end, number).ec != std::errc()) return nullptr;
    return number;
}

}  // namespace greenroom::io::json
