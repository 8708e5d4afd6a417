// Byte-level BPE: text is cut into words, and each word's bytes merge by rank.
#pragma once

#include <array>
#include <vector>

#include "runtime/text/merge_table.hpp"
#include "runtime/text/pretokenize/rule.hpp"
#include "runtime/text/segmenter.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

struct ByteBpeOptions {
    std::vector<Rule> rules = {};  // of the pre-tokenizer
    bool ignores_merges = false;   // a word that is a token stays whole
    bool composes = false;         // normalises text to NFC first
};

// Bytes that are not UTF-8 count as U+FFFD, each; bytes without a token are left out.
class ByteBpeSegmenter final : public Segmenter {
 public:
    // `vocabulary` must outlive this.
    ByteBpeSegmenter(const Vocabulary& vocabulary, MergeTable merges, ByteBpeOptions options);
    void append(std::string_view text, std::vector<TokenId>& ids) const override;

 private:
    const Vocabulary& vocabulary_;
    MergeTable merges_;
    ByteBpeOptions options_;
    std::array<TokenId, 256> bytes_{};  // -1 where there is none
};

}  // namespace greenroom::runtime
