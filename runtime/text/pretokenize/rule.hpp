// What a pre-tokenizer is made of. Each rule does by hand what one regular expression of a
// published tokenizer says; the expression stands beside it.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/text/characters.hpp"

namespace greenroom::runtime {

using Text = std::span<const Character>;

// Where the match that starts at `at` (< text.size()) ends; `at` itself when there is none.
using Rule = std::size_t (*)(Text text, std::size_t at);

}  // namespace greenroom::runtime
