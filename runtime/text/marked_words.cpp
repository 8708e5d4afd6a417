#include "runtime/text/marked_words.hpp"

#include <algorithm>
#include <cstdint>

#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {

std::size_t leading_character_bytes(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    const std::size_t promised = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(promised, text.size());
}

std::size_t marked_word_bytes(std::string_view text) {
    bool only_marks = true;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        const std::size_t bytes = leading_character_bytes(rest);
        const bool mark = rest.substr(0, bytes) == kSpaceMark;
        if (mark && !only_marks) break;
        only_marks = mark;
        at += bytes;
    }
    return at;
}

bool tokens_cross_words(const Vocabulary& vocabulary) {
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const Token& token = vocabulary[static_cast<TokenId>(i)];
        if (!is_ordinary_type(token.type)) continue;
        if (marked_word_bytes(token.text) != token.text.size()) return true;
    }
    return false;
}

}  // namespace greenroom::runtime
