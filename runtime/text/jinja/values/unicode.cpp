#include "runtime/text/jinja/values/unicode.hpp"

#include <cstdint>
#include <utf8proc.h>

#include "io/utf8.hpp"

namespace greenroom::runtime::jinja {
namespace {

constexpr char32_t kBrokenByte = 0xDC00;

bool continues(char byte) {
    return (static_cast<std::uint8_t>(byte) & 0xC0) == 0x80;
}

utf8proc_category_t category(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

}  // namespace

Character first_character(std::string_view text) {
    const auto byte = static_cast<std::uint8_t>(text[0]);
    if (byte < 0x80) return {byte, 1};
    const auto point = io::first_code_point(text);
    if (!point) return {kBrokenByte + byte, 1};
    return {point->value, point->bytes};
}

Character last_character(std::string_view text) {
    std::size_t start = text.size() - 1;
    while (start > 0 && continues(text[start]) && text.size() - start < 4) --start;
    const Character c = first_character(text.substr(start));
    if (start + c.bytes == text.size()) return c;
    return {kBrokenByte + static_cast<std::uint8_t>(text.back()), 1};
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count) text.remove_prefix(first_character(text).bytes);
    return count;
}

std::size_t byte_of_character(std::string_view text, std::size_t index) {
    std::string_view rest = text;
    for (; index > 0 && !rest.empty(); --index) rest.remove_prefix(first_character(rest).bytes);
    return text.size() - rest.size();
}

std::string utf8(char32_t value) {
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) value = 0xFFFD;
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(value), bytes);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool is_space(char32_t c) {
    if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_alphabetic(char32_t c) {
    const auto kind = category(c);
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_digit(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_ND;
}
bool is_upper(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_LU;
}
bool is_lower(char32_t c) {
    return category(c) == UTF8PROC_CATEGORY_LL;
}

bool is_printable(char32_t c) {
    if (c == ' ') return true;
    const auto kind = category(c);
    return kind != UTF8PROC_CATEGORY_CN && kind < UTF8PROC_CATEGORY_ZS;
}

char32_t to_upper(char32_t c) {
    return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

char32_t to_lower(char32_t c) {
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

std::string_view trim_start(std::string_view text) {
    while (!text.empty()) {
        const Character c = first_character(text);
        if (!is_space(c.value)) break;
        text.remove_prefix(c.bytes);
    }
    return text;
}

std::string_view trim_end(std::string_view text) {
    while (!text.empty()) {
        const Character c = last_character(text);
        if (!is_space(c.value)) break;
        text.remove_suffix(c.bytes);
    }
    return text;
}

}  // namespace greenroom::runtime::jinja
