// The class is declared in tokenizer.hpp.
#include <gtest/gtest.h>

#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/spm_segmenter.hpp"
#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

// Each id is a byte.
std::unique_ptr<Tokenizer> byte_tokenizer() {
    TokenizerParts parts;
    parts.vocabulary = std::make_unique<Vocabulary>(tests::vocabulary_of(tests::byte_tokens()));
    parts.segmenter = std::make_unique<SpmSegmenter>(*parts.vocabulary, std::nullopt);
    return assemble(std::move(parts));
}

// What comes out after each byte, then after the flush, joined by '|'.
std::string stream(std::string_view bytes) {
    const auto tokenizer = byte_tokenizer();
    StreamDecoder decoder(*tokenizer, false);
    std::string out;
    for (const char c : bytes) out += decoder.push(static_cast<std::uint8_t>(c)) + "|";
    return out + decoder.flush();
}

TEST(StreamDecoder, HoldsBackHalfACharacter) {
    EXPECT_EQ(stream("aé中🙂"), "a||é|||中||||🙂|");
}

TEST(StreamDecoder, Hazard078_TheEndInsideACharacter) {
    EXPECT_EQ(stream("\xE4\xBD"), "||\uFFFD");
    EXPECT_EQ(stream("\xF0\x9F\x99"), "|||\uFFFD");
}

TEST(StreamDecoder, Hazard078_BadBytesAreReplacedAsSoonAsTheyAreBad) {
    EXPECT_EQ(stream("\xFF"), "\uFFFD|");
    EXPECT_EQ(stream("\x80"
                     "a"),
              "\uFFFD|a|");
    EXPECT_EQ(stream("\xE4"
                     "a"),
              "|\uFFFDa|");
    EXPECT_EQ(stream("\xE4\xBD"
                     "a"),
              "||\uFFFDa|");
    EXPECT_EQ(stream("\xE4\xE4\xBD\xA0"), "|\uFFFD||你|");
    EXPECT_EQ(stream("\xC0\xAF"), "\uFFFD|\uFFFD|");
    EXPECT_EQ(stream("\xE0\x80"), "|\uFFFD\uFFFD|");
    EXPECT_EQ(stream("\xF4\x90"), "|\uFFFD\uFFFD|");
}

TEST(StreamDecoder, Hazard078_SurrogatesAreJudgedWhole) {
    EXPECT_EQ(stream("\xED\xA0\x80"), "||\uFFFD\uFFFD\uFFFD|");
    EXPECT_EQ(stream("\xED\xA0"), "||\uFFFD\uFFFD");
}

}  // namespace
}  // namespace greenroom::runtime
