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
    bool tokens_cross_words_;
};

}  // namespace greenroom::runtime
