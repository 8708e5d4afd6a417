#include "runtime/text/byte_level.hpp"

#include <array>

#include "io/utf8.hpp"

namespace greenroom::runtime {
namespace {

constexpr bool is_visible(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
    std::array<char[2], 256> utf8{};         // of each byte's character
    std::array<std::uint8_t, 256> size{};    // bytes of it in use
    std::array<std::int16_t, 0x144> byte{};  // of each character; -1 outside the alphabet
};

constexpr Alphabet make_alphabet() {
    Alphabet alphabet;
    for (auto& byte : alphabet.byte) byte = -1;
    unsigned next_free = 0x100;
    for (unsigned b = 0; b < 256; ++b) {
        const unsigned point = is_visible(b) ? b : next_free++;
        alphabet.byte[point] = static_cast<std::int16_t>(b);
        alphabet.size[b] = point < 0x80 ? 1 : 2;
        alphabet.utf8[b][0] = static_cast<char>(point < 0x80 ? point : 0xC0 | point >> 6);
        alphabet.utf8[b][1] = static_cast<char>(0x80 | (point & 0x3F));
    }
    return alphabet;
}

constexpr Alphabet kAlphabet = make_alphabet();

}  // namespace

std::string_view level_of_byte(std::uint8_t byte) {
    return {kAlphabet.utf8[byte], kAlphabet.size[byte]};
}

std::string level_of_bytes(std::string_view bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) text += level_of_byte(static_cast<std::uint8_t>(c));
    return text;
}

std::string bytes_of_level(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        const std::size_t taken = point ? point->bytes : 1;
        if (point && point->value < kAlphabet.byte.size() && kAlphabet.byte[point->value] >= 0) {
            bytes += static_cast<char>(kAlphabet.byte[point->value]);
        } else {
            bytes.append(text.substr(0, taken));
        }
        text.remove_prefix(taken);
    }
    return bytes;
}

}  // namespace greenroom::runtime
