// The alphabet of byte-level vocabularies: every byte has a visible character of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace greenroom::runtime {

// The character that stands for `byte`, as UTF-8: itself where Latin-1 has a visible one, else the
// next free one from U+0100 on.
std::string_view level_of_byte(std::uint8_t byte);
std::string level_of_bytes(std::string_view bytes);

// The bytes that `text` spells; characters outside the alphabet stand for themselves.
std::string bytes_of_level(std::string_view text);

}  // namespace greenroom::runtime
