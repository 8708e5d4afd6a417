// A SentencePiece model file (tokenizer.model) with BPE pieces.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/load/folder_facts.hpp"

namespace greenroom::runtime {

struct SentencePieceModel {
    std::vector<Token> pieces;
    std::optional<TokenId> unknown, bos, eos;
    bool adds_space = true;  // before a text
};

// An Error says what is malformed or, of models that cut text in another way, what they want:
// unigram models, normalisation, removal of spaces. `name` is the file in errors.
io::Result<SentencePieceModel> parse_sentencepiece(std::string_view bytes, std::string_view name);

io::Result<TokenizerParts> read_sentencepiece_tokenizer(std::string_view bytes,
                                                        std::string_view name,
                                                        const FolderFacts& facts);

}  // namespace greenroom::runtime
