// BPE over characters with byte tokens for what has no token: SentencePiece vocabularies as
// tokenizer.json describes them, and Gemma 4's.
#pragma once

#include <optional>
#include <vector>

#include "runtime/text/merge_table.hpp"
#include "runtime/text/pretokenize/rule.hpp"
#include "runtime/text/segmenter.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

struct CharacterBpeOptions {
    std::vector<Rule> rules = {};  // of the pre-tokenizer; with any, bad bytes count as U+FFFD
    bool ignores_merges = false;   // a word that is a token stays whole
    std::optional<TokenId> unknown = {};  // for characters without a token or byte tokens
};

class CharacterBpeSegmenter final : public Segmenter {
 public:
    // `vocabulary` must outlive this.
    CharacterBpeSegmenter(const Vocabulary& vocabulary,
                          MergeTable merges,
                          CharacterBpeOptions options);
    void append(std::string_view text, std::vector<TokenId>& ids) const override;

 private:
    void append_characters(std::string_view word, std::vector<TokenId>& ids) const;

    const Vocabulary& vocabulary_;
    MergeTable merges_;
    CharacterBpeOptions options_;
    bool tokens_cross_words_;
};

}  // namespace greenroom::runtime
