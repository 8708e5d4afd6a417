#include "runtime/text/pretokenize/line_words.hpp"

#include "runtime/text/pretokenize/matchers.hpp"

namespace greenroom::runtime {
namespace {

struct Style {
    Classes letters = kLetter;
    std::size_t numbers = 1;         // in one word
    Classes after_signs = kNewline;  // what a run of signs takes with it
};

std::size_t match_letters(Text text, std::size_t at, Classes letters) {
    const bool sign = !text[at].is(kNewline | kLetter | kNumber);
    if (sign) {
        if (const std::size_t end = match_run(text, at + 1, letters); end > at + 1) return end;
    }
    return match_run(text, at, letters);
}

template <Style style>
std::size_t match_word(Text text, std::size_t at) {
    if (const std::size_t end = match_contraction(text, at, LetterCase::ignored); end > at) {
        return end;
    }
    if (const std::size_t end = match_letters(text, at, style.letters); end > at) return end;
    if (const std::size_t end = match_run(text, at, kNumber, style.numbers); end > at) return end;
    const std::size_t sign = is_at(text, at, U' ') ? at + 1 : at;
    const std::size_t end = match_run_without(text, sign, kSpace | kNumber | style.letters);
    if (end > sign) return match_run(text, end, style.after_signs);
    if (const std::size_t line = match_line_end(text, at); line > at) return line;
    return match_space(text, at);
}

}  // namespace

std::size_t llama3_words(Text text, std::size_t at) {
    return match_word<Style{.numbers = 3}>(text, at);
}

std::size_t qwen2_words(Text text, std::size_t at) {
    return match_word<Style{}>(text, at);
}

std::size_t qwen35_words(Text text, std::size_t at) {
    return match_word<Style{.letters = kLetter | kMark}>(text, at);
}

std::size_t seed_coder_words(Text text, std::size_t at) {
    return match_word<Style{.after_signs = 0}>(text, at);
}

}  // namespace greenroom::runtime
