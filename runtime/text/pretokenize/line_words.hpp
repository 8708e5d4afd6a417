// Words that take a leading sign with them and keep line ends apart: Llama 3, Qwen and their
// relatives.
#pragma once

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
// |\s*[\r\n]+|\s+(?!\S)|\s+
std::size_t llama3_words(Text text, std::size_t at);
// The same with \p{N} for \p{N}{1,3}.
std::size_t qwen2_words(Text text, std::size_t at);
// qwen2 with [\p{L}\p{M}] for \p{L}, save in the sign before a word.
std::size_t qwen35_words(Text text, std::size_t at);
// qwen2 without line ends after signs.
std::size_t seed_coder_words(Text text, std::size_t at);

}  // namespace greenroom::runtime
