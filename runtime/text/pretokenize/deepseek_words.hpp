// The words of DeepSeek's tokenizers, which cut a text several times over.
#pragma once

#include <string_view>

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

// The letters with case that DeepSeek LLM lists, and its signs, as its expressions spell them.
extern const std::string_view kDeepseekLetters;
extern const std::string_view kDeepseekSigns;

std::size_t single_newlines(Text text, std::size_t at);  // [\r\n]
std::size_t final_spaces(Text text, std::size_t at);     // \s+$
std::size_t east_asian_runs(Text text, std::size_t at);  // [一-龥ࠀ-一가-퟿]+

// DeepSeek LLM, V2
std::size_t listed_letters(Text text, std::size_t at);  // \s?[kDeepseekLetters]+
std::size_t listed_signs(Text text, std::size_t at);    // \s?[kDeepseekSigns]+

// DeepSeek Coder
std::size_t spaced_letters(Text text, std::size_t at);      // \s?\p{L}+
std::size_t spaced_punctuation(Text text, std::size_t at);  // \s?\p{P}+

// DeepSeek V3
std::size_t han_and_kana_runs(Text text, std::size_t at);  // [一-龥぀-ゟ゠-ヿ]+
// [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+
// | ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
std::size_t deepseek3_words(Text text, std::size_t at);

}  // namespace greenroom::runtime
