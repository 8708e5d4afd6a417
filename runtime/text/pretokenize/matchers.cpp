#include "runtime/text/pretokenize/matchers.hpp"

#include <algorithm>
#include <string_view>

namespace greenroom::runtime {

std::size_t match_run(Text text, std::size_t at, Classes classes, std::size_t limit) {
    const std::size_t end = limit < text.size() - at ? at + limit : text.size();
    while (at < end && text[at].is(classes)) ++at;
    return at;
}

std::size_t match_run_without(Text text, std::size_t at, Classes classes) {
    while (at < text.size() && !text[at].is(classes)) ++at;
    return at;
}

bool is_at(Text text, std::size_t at, char32_t value) {
    return at < text.size() && text[at].value == value;
}

std::size_t match_contraction(Text text, std::size_t at, LetterCase letter_case) {
    if (!is_at(text, at, U'\'')) return at;
    const auto letter = [&](std::size_t i) -> char32_t {
        if (i >= text.size()) return 0;
        const char32_t value = text[i].value;
        if (letter_case == LetterCase::exact) return value;
        // The long s is the one other character that folds to a letter of the list.
        if (value == U'\u017F') return U's';
        return value >= U'A' && value <= U'Z' ? value + 32 : value;
    };
    const char32_t first = letter(at + 1);
    if (first != 0 && std::u32string_view(U"stmd").find(first) != std::u32string_view::npos) {
        return at + 2;
    }
    const char32_t second = letter(at + 2);
    const bool pair =
        ((first == U'r' || first == U'v') && second == U'e') || (first == U'l' && second == U'l');
    return pair ? at + 3 : at;
}

std::size_t match_line_end(Text text, std::size_t at) {
    const std::size_t end = match_run(text, at, kSpace);
    for (std::size_t i = end; i > at; --i) {
        if (text[i - 1].is(kNewline)) return i;
    }
    return at;
}

std::size_t match_space(Text text, std::size_t at) {
    const std::size_t end = match_run(text, at, kSpace);
    // The last space goes to the word that follows, unless it is the only one.
    return end < text.size() && end - at > 1 ? end - 1 : end;
}

}  // namespace greenroom::runtime
