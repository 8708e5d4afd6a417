// A tokenizer put together from what a loader found. Knows no file format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/segmenter.hpp"
#include "runtime/text/tokenizer.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// Where SentencePiece puts a space that the text does not have.
enum class SpacePrefix {
    nowhere,
    start,          // before the text
    after_special,  // before the text and after each special token in it
};

// How the text of a token spells bytes.
enum class Spelling {
    space_marks,  // UTF-8 with U+2581 for a space
    byte_level,   // one visible character per byte
};

struct TokenizerParts {
    std::unique_ptr<Vocabulary> vocabulary;
    std::unique_ptr<Segmenter> segmenter;
    Spelling spelling = Spelling::space_marks;
    SpacePrefix space_prefix = SpacePrefix::nowhere;
    bool prefix_repeats_space = true;  // also before text that starts with a space

    std::optional<TokenId> bos, eos;
    bool add_bos = false;
    bool add_eos = false;
    std::vector<TokenId> ends;  // further ids that end a reply

    std::string_view kind;  // "spm" or "bpe"
    std::string pre_tokenizer;
    std::vector<std::string> warnings;
};

// Contract: vocabulary and segmenter are set, and all ids are in the vocabulary.
std::unique_ptr<Tokenizer> assemble(TokenizerParts parts);

}  // namespace greenroom::runtime
