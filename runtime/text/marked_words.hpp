// The words of text whose spaces are marked. No piece of a usual SentencePiece vocabulary reaches
// over the end of one, so they can be merged one after another.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// The bytes of the character that `text` (not empty) starts with, by its first byte alone, so that
// any bytes can be cut.
std::size_t leading_character_bytes(std::string_view text);

// Where the word that starts `text` ends: before the first space mark after another character.
std::size_t marked_word_bytes(std::string_view text);

// True when a token that text may become has a space mark after another character.
bool tokens_cross_words(const Vocabulary& vocabulary);

}  // namespace greenroom::runtime
