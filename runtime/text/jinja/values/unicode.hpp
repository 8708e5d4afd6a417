// Characters of UTF-8 text as the template language counts them: one per code point, and one per
// byte where the bytes are not UTF-8. Knows nothing of where a text comes from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace greenroom::runtime::jinja {

struct Character {
    char32_t value = 0;     // 0xDC00 + byte where the bytes are not UTF-8
    std::size_t bytes = 1;  // 1 to 4
};

Character first_character(std::string_view text);  // `text` is not empty
Character last_character(std::string_view text);   // `text` is not empty
std::size_t count_characters(std::string_view text);
// Where the character of that index starts; the size when there are not so many.
std::size_t byte_of_character(std::string_view text, std::size_t index);
std::string utf8(char32_t value);  // surrogates and values out of range give U+FFFD

bool is_space(char32_t c);
bool is_alphabetic(char32_t c);
bool is_digit(char32_t c);
bool is_upper(char32_t c);
bool is_lower(char32_t c);
bool is_printable(char32_t c);
char32_t to_upper(char32_t c);
char32_t to_lower(char32_t c);

std::string_view trim_start(std::string_view text);
std::string_view trim_end(std::string_view text);

}  // namespace greenroom::runtime::jinja
