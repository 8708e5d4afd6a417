// The steps that every loader takes with the tokens and merges it has read.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/merge_table.hpp"

namespace greenroom::runtime {

// Corrects token types by name and sets parts.vocabulary. `file` is the file in errors.
io::Result<void> build_vocabulary(std::vector<Token> tokens,
                                  std::string_view file,
                                  TokenizerParts& parts);

// Contract: the vocabulary of `parts` is set. Warns of merges that cannot be used.
MergeTable build_merges(std::span<const MergeSides> merges, TokenizerParts& parts);

}  // namespace greenroom::runtime
