#include "runtime/text/assembled_tokenizer.hpp"

#include <gtest/gtest.h>

#include "runtime/text/spm_segmenter.hpp"
#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::control;
using tests::token;

constexpr TokenId kBos = 1, kEos = 2, kByte = 3, kMine = 4, kMark = 5, kA = 6, kMarkA = 7;

TokenizerParts parts() {
    TokenizerParts made;
    made.vocabulary =
        std::make_unique<Vocabulary>(tests::vocabulary_of({token("<unk>", TokenType::unknown),
                                                           control("<s>"),
                                                           control("</s>"),
                                                           token("<0x0A>", TokenType::byte),
                                                           tests::user_defined("<u>"),
                                                           token("▁"),
                                                           token("a"),
                                                           token("▁a"),
                                                           control("<|im_end|>")}));
    made.segmenter = std::make_unique<SpmSegmenter>(*made.vocabulary, 0);
    made.space_prefix = SpacePrefix::after_special;
    made.bos = kBos;
    made.eos = kEos;
    made.add_bos = true;
    made.kind = "spm";
    return made;
}

std::vector<TokenId> encode(TokenizerParts made,
                            std::string_view text,
                            EncodeOptions options = {}) {
    return assemble(std::move(made))->encode(text, options);
}

using Ids = std::vector<TokenId>;

TEST(AssembledTokenizer, AddsWhatTheModelWants) {
    EXPECT_EQ(encode(parts(), "a"), (Ids{kBos, kMarkA}));
    EXPECT_EQ(encode(parts(), "a", {.add_special = false}), Ids{kMarkA});
    EXPECT_EQ(encode(parts(), ""), Ids{kBos});
    TokenizerParts both = parts();
    both.add_eos = true;
    EXPECT_EQ(encode(std::move(both), "a"), (Ids{kBos, kMarkA, kEos}));
    TokenizerParts none = parts();
    none.bos.reset();
    EXPECT_EQ(encode(std::move(none), "a"), Ids{kMarkA});
}

TEST(AssembledTokenizer, AddsNoSecondBosUnlessAsked) {
    EXPECT_EQ(encode(parts(), "<s>a", {.parse_special = true}), (Ids{kBos, kMarkA}));
    EXPECT_EQ(encode(parts(), "<s>a", {.repeat_bos = true, .parse_special = true}),
              (Ids{kBos, kBos, kMarkA}));
    EXPECT_EQ(encode(parts(), "<s><s>", {.parse_special = true}), (Ids{kBos, kBos}));
}

TEST(AssembledTokenizer, PutsASpaceWhereTheModelSays) {
    const std::string_view text = "a<u>a</s>a";
    const EncodeOptions options{.add_special = false, .parse_special = true};
    EXPECT_EQ(encode(parts(), text, options), (Ids{kMarkA, kMine, kMarkA, kEos, kMarkA}));
    TokenizerParts start = parts();
    start.space_prefix = SpacePrefix::start;
    EXPECT_EQ(encode(std::move(start), text, options), (Ids{kMarkA, kMine, kA, kEos, kA}));
    TokenizerParts nowhere = parts();
    nowhere.space_prefix = SpacePrefix::nowhere;
    EXPECT_EQ(encode(std::move(nowhere), text, options), (Ids{kA, kMine, kA, kEos, kA}));
}

TEST(AssembledTokenizer, TheCallerMayDecideOnTheSpace) {
    EncodeOptions options{.add_special = false, .parse_special = true, .space_prefix = false};
    EXPECT_EQ(encode(parts(), "a</s>a", options), (Ids{kA, kEos, kA}));
    options.space_prefix = true;
    TokenizerParts nowhere = parts();
    nowhere.space_prefix = SpacePrefix::nowhere;
    EXPECT_EQ(encode(std::move(nowhere), "a</s>a", options), (Ids{kMarkA, kEos, kMarkA}));
}

TEST(AssembledTokenizer, MayLeaveASpaceAloneThatIsThere) {
    EXPECT_EQ(encode(parts(), " a", {.add_special = false}), (Ids{kMark, kMarkA}));
    TokenizerParts once = parts();
    once.prefix_repeats_space = false;
    EXPECT_EQ(encode(std::move(once), " a", {.add_special = false}), Ids{kMarkA});
}

TEST(AssembledTokenizer, GivesTheBytesOfTokens) {
    const auto tokenizer = assemble(parts());
    EXPECT_EQ(tokenizer->piece(kMarkA, false), " a");
    EXPECT_EQ(tokenizer->piece(kByte, false), "\n");
    EXPECT_EQ(tokenizer->piece(kMine, false), "<u>");
    EXPECT_EQ(tokenizer->piece(kBos, false), "");
    EXPECT_EQ(tokenizer->piece(kBos, true), "<s>");
    EXPECT_EQ(tokenizer->piece(0, false), "");
}

TEST(AssembledTokenizer, GivesTheBytesOfByteLevelTokens) {
    TokenizerParts made = parts();
    made.vocabulary = std::make_unique<Vocabulary>(
        tests::vocabulary_of({token("Ġé"), tests::user_defined("Ġ"), token("Ã©")}));
    made.segmenter = std::make_unique<SpmSegmenter>(*made.vocabulary, std::nullopt);
    made.spelling = Spelling::byte_level;
    made.bos = made.eos = std::nullopt;
    const auto tokenizer = assemble(std::move(made));
    EXPECT_EQ(tokenizer->piece(0, false), " \xE9");
    EXPECT_EQ(tokenizer->piece(1, false), "Ġ");
    EXPECT_EQ(tokenizer->piece(2, false), "é");
    EXPECT_EQ(tokenizer->decode(Ids{0}, false), " \xE9");  // no space was put there
}

TEST(AssembledTokenizer, DecodesWithoutTheSpaceThatEncodePutFirst) {
    const auto tokenizer = assemble(parts());
    EXPECT_EQ(tokenizer->decode(Ids{kMarkA, kMarkA}, false), "a a");
    EXPECT_EQ(tokenizer->decode(Ids{kBos, kMarkA}, true), "<s> a");
    EXPECT_EQ(tokenizer->decode(Ids{}, true), "");
    TokenizerParts nowhere = parts();
    nowhere.space_prefix = SpacePrefix::nowhere;
    EXPECT_EQ(assemble(std::move(nowhere))->decode(Ids{kMarkA}, false), " a");
}

TEST(AssembledTokenizer, Hazard078_IdsOutOfRangeGiveNothing) {
    const auto tokenizer = assemble(parts());
    for (const TokenId id : {-1, 9, 1 << 30, std::numeric_limits<TokenId>::min()}) {
        EXPECT_EQ(tokenizer->piece(id, true), "");
        EXPECT_FALSE(tokenizer->is_control(id));
        EXPECT_FALSE(tokenizer->ends_generation(id));
    }
    EXPECT_EQ(tokenizer->decode(Ids{-1, kMarkA, 99}, true), " a");
}

TEST(AssembledTokenizer, EndsAtAnyOfItsEnds) {
    TokenizerParts made = parts();
    made.ends = {kMine};
    const auto tokenizer = assemble(std::move(made));
    EXPECT_TRUE(tokenizer->ends_generation(kEos));
    EXPECT_TRUE(tokenizer->ends_generation(kMine));
    EXPECT_TRUE(tokenizer->ends_generation(*tokenizer->find("<|im_end|>")));
    EXPECT_FALSE(tokenizer->ends_generation(kBos));
}

}  // namespace
}  // namespace greenroom::runtime
