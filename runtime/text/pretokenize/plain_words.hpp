// The words of GPT-2 and of the tokenizers that take numbers apart before it.
#pragma once

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t gpt2_words(Text text, std::size_t at);

std::size_t single_numbers(Text text, std::size_t at);    // \p{N}
std::size_t number_triples(Text text, std::size_t at);    // \p{N}{1,3}
std::size_t number_runs(Text text, std::size_t at);       // \p{N}+
std::size_t digit_triples(Text text, std::size_t at);     // [0-9][0-9][0-9]
std::size_t punctuation_runs(Text text, std::size_t at);  // [\p{P}$+<=>^`|~]+
std::size_t lines(Text text, std::size_t at);             // [^\n]+|[\n]+

}  // namespace greenroom::runtime
