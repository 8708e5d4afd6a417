// How far the end of one sequence is the beginning of another. Knows no model.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// The largest n so that the last n of `a` are the first n of `b`. Linear in both.
std::size_t suffix_prefix_overlap(std::span<const TokenId> a, std::span<const TokenId> b);

}  // namespace greenroom::runtime
