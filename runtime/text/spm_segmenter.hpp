// SentencePiece's BPE: of all adjacent pairs that are pieces, the one with the best score merges
// first. Knows nothing of the space before a text.
#pragma once

#include <optional>

#include "runtime/text/segmenter.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

class SpmSegmenter final : public Segmenter {
 public:
    // `vocabulary` must outlive this. `unknown` stands for what has neither piece nor byte tokens;
    // without it such text is left out.
    SpmSegmenter(const Vocabulary& vocabulary, std::optional<TokenId> unknown);
    void append(std::string_view text, std::vector<TokenId>& ids) const override;

 private:
    class Merger;

    void append_piece(std::string_view piece, std::vector<TokenId>& ids) const;

    const Vocabulary& vocabulary_;
    std::optional<TokenId> unknown_;
    bool pieces_cross_words_ = false;  // a piece has a space after another character
};

// The bytes of the character that starts at text[0], by its first byte alone, so that any bytes can
// be cut.
std::size_t leading_character_bytes(std::string_view text);

}  // namespace greenroom::runtime
