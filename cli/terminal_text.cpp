#include "cli/terminal_text.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <utf8proc.h>
#include <utility>

#include "io/utf8.hpp"

namespace greenroom::cli {
namespace {

constexpr int kNarrowest = 8;  // columns; below it there is no use in looking for words
constexpr int kTab = 8;

bool steers(char32_t c) {
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
    // Line and paragraph separators, and everything that overrides the direction of text. Joiners
    // stay: emoji and several scripts are written with them.
    const bool reorders = (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return control || reorders;
}

// Calls body(bytes, code point) for each character; a byte that starts none counts as U+FFFD.
template <class Body>
void for_each_character(std::string_view text, Body&& body) {
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        const std::size_t bytes = point ? point->bytes : 1;
        body(text.substr(0, bytes), point ? point->value : U'\uFFFD');
        text.remove_prefix(bytes);
    }
}

}  // namespace

std::string neutralise(std::string_view text) {
    std::string out;
    for_each_character(text, [&](std::string_view bytes, char32_t c) {
        if (c == U'\uFFFD') {
            out += "\uFFFD";
        } else if (!steers(c)) {
            out += bytes;
        } else if (c < 0x80) {
            out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(c));
        } else {
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
        }
    });
    return out;
}

std::string WordWrap::push(std::string_view text, int width) {
    if (width < kNarrowest) return flush(width) + std::string(text);
    std::string out;
    for_each_character(text, [&](std::string_view bytes, char32_t c) {
        take(bytes, utf8proc_charwidth(static_cast<utf8proc_int32_t>(c)), width, out);
    });
    return out;
}

std::string WordWrap::flush(int width) {
    std::string out;
    place_word(width, out);
    column_ += static_cast<int>(space_.size());
    return out + std::exchange(space_, {});
}

void WordWrap::take(std::string_view character, int columns, int width, std::string& out) {
    if (character == "\n" || character == "\t") {
        place_word(width, out);
        out += std::exchange(space_, {});
        out += character;
        column_ = character == "\n" ? 0 : (column_ / kTab + 1) * kTab;
    } else if (character == " ") {
        place_word(width, out);
        space_ += character;
    } else {
        word_ += character;
        word_columns_ += columns;
        // Text of wide characters has no spaces to wait for; a word as wide as the window gains
        // nothing from being held back longer.
        if (columns == 2 || word_columns_ >= width) place_word(width, out);
    }
}

// A line breaks only where a space stood; a word that is too long for its line, and text without
// spaces, is left to the terminal, so that it can be copied in one piece.
void WordWrap::place_word(int width, std::string& out) {
    if (word_.empty()) return;
    const int end = column_ + static_cast<int>(space_.size()) + word_columns_;
    if (end > width && column_ > 0 && !space_.empty()) {
        out += '\n';
        column_ = word_columns_;
    } else {
        out += space_;
        column_ = end;
    }
    if (width > 0 && column_ > width) column_ = (column_ - 1) % width + 1;
    space_.clear();
    out += std::exchange(word_, {});
    word_columns_ = 0;
}

}  // namespace greenroom::cli
