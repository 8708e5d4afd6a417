#include "runtime/text/pretokenize/plain_words.hpp"

#include <string_view>

#include "runtime/text/pretokenize/matchers.hpp"

namespace greenroom::runtime {

std::size_t gpt2_words(Text text, std::size_t at) {
    if (const std::size_t end = match_contraction(text, at, LetterCase::exact); end > at)
        return end;
    const std::size_t word = is_at(text, at, U' ') ? at + 1 : at;
    for (const Classes classes : {kLetter, kNumber}) {
        if (const std::size_t end = match_run(text, word, classes); end > word) return end;
    }
    const std::size_t end = match_run_without(text, word, kSpace | kLetter | kNumber);
    return end > word ? end : match_space(text, at);
}

std::size_t single_numbers(Text text, std::size_t at) {
    return match_run(text, at, kNumber, 1);
}

std::size_t number_triples(Text text, std::size_t at) {
    return match_run(text, at, kNumber, 3);
}

std::size_t number_runs(Text text, std::size_t at) {
    return match_run(text, at, kNumber);
}

std::size_t digit_triples(Text text, std::size_t at) {
    if (text.size() - at < 3) return at;
    for (const Character& c : text.subspan(at, 3)) {
        if (c.value < U'0' || c.value > U'9') return at;
    }
    return at + 3;
}

std::size_t punctuation_runs(Text text, std::size_t at) {
    constexpr std::u32string_view kSigns = U"$+<=>^`|~";
    while (at < text.size() && (text[at].is(kPunctuation) ||
                                kSigns.find(text[at].value) != std::u32string_view::npos)) {
        ++at;
    }
    return at;
}

std::size_t lines(Text text, std::size_t at) {
    const bool newline = text[at].value == U'\n';
    while (at < text.size() && (text[at].value == U'\n') == newline) ++at;
    return at;
}

}  // namespace greenroom::runtime
