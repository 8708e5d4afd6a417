// Words that end where lower case turns to upper case: GPT-4o, Tekken, Kimi.
#pragma once

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

// With U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] and l = [\p{Ll}\p{Lm}\p{Lo}\p{M}]:
// [^\r\n\p{L}\p{N}]?U*l+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
// |[^\r\n\p{L}\p{N}]?U+l*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
std::size_t gpt4o_words(Text text, std::size_t at);
// The same without contractions and with \p{N} for \p{N}{1,3}.
std::size_t tekken_words(Text text, std::size_t at);
// gpt4o with [\p{Han}]+ in front, U and l without \p{Han}, and [\r\n]* after signs.
std::size_t kimi_words(Text text, std::size_t at);

}  // namespace greenroom::runtime
