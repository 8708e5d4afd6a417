// The parts that the expressions of published tokenizers have in common. Each says where its match
// that starts at `at` ends; `at` itself when there is none. `at` may be the end of the text.
#pragma once

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// [classes]{1,limit}
std::size_t match_run(Text text, std::size_t at, Classes classes, std::size_t limit = kNoLimit);
// [^classes]{1,limit}
std::size_t match_run_without(Text text, std::size_t at, Classes classes);

// True when the character at `at` is `value`.
bool is_at(Text text, std::size_t at, char32_t value);

enum class LetterCase { exact, ignored };
// 's|'t|'re|'ve|'m|'ll|'d
std::size_t match_contraction(Text text, std::size_t at, LetterCase letter_case);

// \s*[\r\n]+
std::size_t match_line_end(Text text, std::size_t at);
// \s+(?!\S)|\s+
std::size_t match_space(Text text, std::size_t at);

}  // namespace greenroom::runtime
