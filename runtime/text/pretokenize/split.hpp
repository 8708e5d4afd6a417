// Cuts text into the words that tokens never reach over. Knows rules, not models.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

// Each rule cuts what the one before left: every match is a piece, and so is every stretch between
// two matches. `text` is UTF-8; the words are views into it, in order and without gaps.
std::vector<std::string_view> split_words(std::string_view text, std::span<const Rule> rules);

}  // namespace greenroom::runtime
