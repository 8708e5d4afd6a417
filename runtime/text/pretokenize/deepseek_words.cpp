#include "runtime/text/pretokenize/deepseek_words.hpp"

#include "runtime/text/pretokenize/character_set.hpp"
#include "runtime/text/pretokenize/matchers.hpp"

namespace greenroom::runtime {

// clang-format off
constexpr std::string_view kDeepseekLetters =
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫ"
    "ᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴ"
    "ℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
    "";
// clang-format on
constexpr std::string_view kDeepseekSigns = "!-/:-~！-／：-～‘-‟\u3000-。";

namespace {

constexpr CharacterSet<87> kLetters(kDeepseekLetters);
constexpr CharacterSet<6> kSigns(kDeepseekSigns);
constexpr CharacterSet<3> kEastAsian("一-龥ࠀ-一가-\uD7FF");
constexpr CharacterSet<3> kHanAndKana("一-龥぀-ゟ゠-ヿ");
constexpr CharacterSet<4> kAsciiSigns("!-/:-@[-`{-~");
constexpr CharacterSet<2> kAsciiLetters("A-Za-z");

template <class Set>
std::size_t match_set(Text text, std::size_t at, const Set& set) {
    while (at < text.size() && set.contains(text[at].value)) ++at;
    return at;
}

// \s?X+, where `match` is X+
template <class Match>
std::size_t match_after_space(Text text, std::size_t at, Match match) {
    if (text[at].is(kSpace)) {
        if (const std::size_t end = match(at + 1); end > at + 1) return end;
    }
    return match(at);
}

}  // namespace

std::size_t single_newlines(Text text, std::size_t at) {
    return match_run(text, at, kNewline, 1);
}

std::size_t final_spaces(Text text, std::size_t at) {
    const std::size_t end = match_run(text, at, kSpace);
    return end == text.size() ? end : at;
}

std::size_t east_asian_runs(Text text, std::size_t at) {
    return match_set(text, at, kEastAsian);
}

std::size_t listed_letters(Text text, std::size_t at) {
    return match_after_space(text, at, [&](std::size_t i) { return match_set(text, i, kLetters); });
}

std::size_t listed_signs(Text text, std::size_t at) {
    return match_after_space(text, at, [&](std::size_t i) { return match_set(text, i, kSigns); });
}

std::size_t spaced_letters(Text text, std::size_t at) {
    return match_after_space(text, at, [&](std::size_t i) { return match_run(text, i, kLetter); });
}

std::size_t spaced_punctuation(Text text, std::size_t at) {
    return match_after_space(
        text, at, [&](std::size_t i) { return match_run(text, i, kPunctuation); });
}

std::size_t han_and_kana_runs(Text text, std::size_t at) {
    return match_set(text, at, kHanAndKana);
}

std::size_t deepseek3_words(Text text, std::size_t at) {
    if (kAsciiSigns.contains(text[at].value)) {
        if (const std::size_t end = match_set(text, at + 1, kAsciiLetters); end > at + 1)
            return end;
    }
    if (!text[at].is(kNewline | kLetter | kPunctuation | kSymbol)) {
        if (const std::size_t end = match_run(text, at + 1, kLetter | kMark); end > at + 1)
            return end;
    }
    if (const std::size_t end = match_run(text, at, kLetter | kMark); end > at) return end;
    const std::size_t sign = is_at(text, at, U' ') ? at + 1 : at;
    const std::size_t end = match_run(text, sign, kPunctuation | kSymbol);
    if (end > sign) return match_run(text, end, kNewline);
    if (const std::size_t line = match_line_end(text, at); line > at) return line;
    return match_space(text, at);
}

}  // namespace greenroom::runtime
