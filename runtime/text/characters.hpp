// Unicode as the pre-tokenizers need it: a text's characters with their classes. Knows no rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace greenroom::runtime {

// Sets of general categories, as bits.
using Classes = std::uint16_t;
inline constexpr Classes kUpper = 1;         // Lu
inline constexpr Classes kLower = 2;         // Ll
inline constexpr Classes kTitle = 4;         // Lt
inline constexpr Classes kOtherLetter = 8;   // Lm, Lo
inline constexpr Classes kMark = 16;         // M
inline constexpr Classes kNumber = 32;       // N
inline constexpr Classes kPunctuation = 64;  // P
inline constexpr Classes kSymbol = 128;      // S
inline constexpr Classes kSpace = 256;       // White_Space
inline constexpr Classes kNewline = 512;     // carriage return and line feed, also kSpace
inline constexpr Classes kLetter = kUpper | kLower | kTitle | kOtherLetter;

struct Character {
    char32_t value = 0;
    Classes classes = 0;

    bool is(Classes any_of) const { return (classes & any_of) != 0; }
    std::uint8_t bytes() const;  // in UTF-8
};

bool is_white_space(char32_t value);

// Contract: `text` is UTF-8.
std::vector<Character> characters_of(std::string_view text);

// `text` with U+FFFD for each byte that is not part of a well-formed sequence.
std::string replace_invalid_bytes(std::string_view text);

// `text` (UTF-8) in Unicode's form NFC. Text with more than a thousand marks in a row is given back
// as it is: sorting them would take forever.
std::string composed(std::string_view text);

}  // namespace greenroom::runtime
