#include "runtime/text/pretokenize/cased_words.hpp"

#include "runtime/text/pretokenize/character_set.hpp"
#include "runtime/text/pretokenize/matchers.hpp"

namespace greenroom::runtime {
namespace {

constexpr Classes kUncased = kOtherLetter | kMark;
constexpr Classes kHigh = kUpper | kTitle | kUncased;  // U of the header
constexpr Classes kLow = kLower | kUncased;            // l of the header

struct Style {
    std::size_t numbers = 3;  // in one word
    bool contractions = true;
    bool slash_after_signs = true;
    bool han_apart = false;
};

// What a character counts as inside words of a style.
template <Style style>
bool counts_as(const Character& c, Classes classes) {
    return c.is(classes) && !(style.han_apart && is_han(c.value));
}

template <Style style>
std::size_t match_case_run(Text text, std::size_t at, Classes classes) {
    while (at < text.size() && counts_as<style>(text[at], classes)) ++at;
    return at;
}

// U*l+
template <Style style>
std::size_t match_low_end(Text text, std::size_t at) {
    const std::size_t high_end = match_case_run<style>(text, at, kHigh);
    const std::size_t low_end = match_case_run<style>(text, high_end, kLow);
    if (low_end > high_end) return low_end;
    // U* gives back until l+ has its one character: the last of them that has no case.
    for (std::size_t i = high_end; i > at; --i) {
        if (text[i - 1].is(kLow)) return i;
    }
    return at;
}

// U+l*, where U*l+ does not match
template <Style style>
std::size_t match_high(Text text, std::size_t at) {
    return match_case_run<style>(text, at, kHigh);
}

template <Style style>
std::size_t match_letters(Text text, std::size_t at) {
    const bool sign = !text[at].is(kNewline | kLetter | kNumber);
    const auto end_of = [&](std::size_t start, std::size_t end) {
        if (end == start) return at;
        return style.contractions ? match_contraction(text, end, LetterCase::ignored) : end;
    };
    for (const Rule match : {match_low_end<style>, match_high<style>}) {
        if (sign) {
            if (const auto end = end_of(at + 1, match(text, at + 1)); end > at) return end;
        }
        if (const auto end = end_of(at, match(text, at)); end > at) return end;
    }
    return at;
}

template <Style style>
std::size_t match_signs(Text text, std::size_t at) {
    const std::size_t sign = is_at(text, at, U' ') ? at + 1 : at;
    std::size_t end = match_run_without(text, sign, kSpace | kLetter | kNumber);
    if (end == sign) return at;
    while (end < text.size() &&
           (text[end].is(kNewline) || (style.slash_after_signs && text[end].value == U'/'))) {
        ++end;
    }
    return end;
}

template <Style style>
std::size_t match_word(Text text, std::size_t at) {
    if (style.han_apart && is_han(text[at].value)) {
        while (at < text.size() && is_han(text[at].value)) ++at;
        return at;
    }
    if (const std::size_t end = match_letters<style>(text, at); end > at) return end;
    if (const std::size_t end = match_run(text, at, kNumber, style.numbers); end > at) return end;
    if (const std::size_t end = match_signs<style>(text, at); end > at) return end;
    if (const std::size_t end = match_line_end(text, at); end > at) return end;
    return match_space(text, at);
}

}  // namespace

std::size_t gpt4o_words(Text text, std::size_t at) {
    return match_word<Style{}>(text, at);
}

std::size_t tekken_words(Text text, std::size_t at) {
    return match_word<Style{.numbers = 1, .contractions = false}>(text, at);
}

std::size_t kimi_words(Text text, std::size_t at) {
    return match_word<Style{.slash_after_signs = false, .han_apart = true}>(text, at);
}

}  // namespace greenroom::runtime
