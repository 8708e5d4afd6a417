// The token arrays of a GGUF file. Private to this room.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "io/metadata.hpp"
#include "io/result.hpp"
#include "runtime/text/merge_table.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// tokenizer.ggml.tokens, .token_type and .scores. SentencePiece models must have all three.
io::Result<std::vector<Token>> read_gguf_tokens(const io::Metadata& metadata, bool sentencepiece);

// The token id under `key`; an error unless it is one of `n_tokens`.
io::Result<std::optional<TokenId>> read_gguf_token_id(const io::Metadata& metadata,
                                                      std::string_view key,
                                                      std::size_t n_tokens);

// tokenizer.ggml.merges: the two sides of each. They are views into `metadata`.
io::Result<std::vector<MergeSides>> read_gguf_merges(const io::Metadata& metadata);

}  // namespace greenroom::runtime
