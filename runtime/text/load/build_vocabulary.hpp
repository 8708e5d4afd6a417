// The steps that every loader takes with the tokens and merges it has read.
#pragma once

#include <optional>
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

// `id`, unless it is a control token that is not "<unk>": text that has no token must not become
// the end of a turn. Contract: the vocabulary of `parts` is set. Warns of ids that are refused.
std::optional<TokenId> usable_unknown(std::optional<TokenId> id, TokenizerParts& parts);

// Contract: the vocabulary of `parts` is set. Warns of merges that cannot be used.
MergeTable build_merges(std::span<const MergeSides> merges, TokenizerParts& parts);

}  // namespace greenroom::runtime
