#include "runtime/text/load/sentencepiece_model.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"
#include "tests/runtime/text/reference_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

using tests::SmallModel;
using tests::wire_number;
using tests::wire_piece;
using Ids = std::vector<TokenId>;

std::string error_of(const SmallModel& model) {
    const auto parsed = parse_sentencepiece(model.bytes(), "x.model");
    return parsed ? "parsed" : parsed.error().message;
}

std::unique_ptr<Tokenizer> load(const SmallModel& model, const FolderFacts& facts = {}) {
    auto parts = read_sentencepiece_tokenizer(model.bytes(), "x.model", facts);
    if (!parts) ADD_FAILURE() << parts.error().message;
    return parts ? assemble(std::move(*parts)) : nullptr;
}

TEST(SentencePieceModel, HasPiecesAndSpecialIds) {
    SmallModel model;
    model.trainer += wire_number(41, 5) + wire_number(42, static_cast<std::uint64_t>(-1));
    const auto parsed = parse_sentencepiece(model.bytes(), "x.model");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->pieces.size(), 7u);
    EXPECT_EQ(parsed->pieces[4].score, -2);
    EXPECT_EQ(parsed->pieces[3].type, TokenType::byte);
    EXPECT_EQ(parsed->unknown, 0);
    EXPECT_EQ(parsed->bos, 5);
    EXPECT_EQ(parsed->eos, std::nullopt);
    EXPECT_TRUE(parsed->adds_space);
}

TEST(SentencePieceModel, EncodesLikeSentencePiece) {
    EXPECT_EQ(load({})->encode("a\nb", {}), (Ids{1, 6, 3, 0}));
    SmallModel bare;
    bare.normalizer += wire_number(3, 0);
    EXPECT_EQ(load(bare)->encode("a", {}), (Ids{1, 5}));
}

TEST(SentencePieceModel, TheFolderMayAddTokens) {
    FolderFacts facts;
    facts.added = {{.id = 8, .text = "<|im_end|>", .special = true}};
    facts.eos = "<|im_end|>";
    facts.add_bos = false;
    const auto tokenizer = load({}, facts);
    EXPECT_EQ(tokenizer->vocabulary_size(), 9u);
    EXPECT_EQ(tokenizer->encode("a<|im_end|>", {.parse_special = true}), (Ids{6, 8}));
    EXPECT_EQ(tokenizer->eos(), 8);
}

TEST(SentencePieceModel, UserDefinedPiecesAreMatchedInText) {
    SmallModel model;
    model.pieces += wire_piece("▁▁x", 0, 4);
    EXPECT_EQ(load(model)->encode("a  xa", {.add_special = false}), (Ids{6, 7, 6}));
}

TEST(SentencePieceModel, Hazard074_ModelsThatCutOtherwise) {
    SmallModel model;
    model.trainer = wire_number(3, 1);
    EXPECT_EQ(error_of(model),
              "x.model: as a SentencePiece model, is a unigram model; expected a BPE model");
    model.trainer = "";
    EXPECT_EQ(error_of(model),
              "x.model: as a SentencePiece model, is a unigram model; expected a BPE model");
    model.trainer = wire_number(3, 99);
    EXPECT_EQ(error_of(model),
              "x.model: as a SentencePiece model, is a unknown model; expected a BPE model");
    model = {};
    model.normalizer = "";
    EXPECT_NE(error_of(model).find("removes extra spaces"), std::string::npos);
    model.normalizer = wire_number(4, 0) + tests::wire_bytes(2, "map");
    EXPECT_NE(error_of(model).find("normalises characters"), std::string::npos);
    model.normalizer = wire_number(4, 0) + wire_number(5, 0);
    EXPECT_NE(error_of(model).find("marks spaces in an unusual way"), std::string::npos);
}

TEST(SentencePieceModel, Hazard087_CutAnywhere) {
    const std::string whole = SmallModel().bytes();
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        EXPECT_FALSE(parse_sentencepiece(std::string_view(whole).substr(0, cut), "x.model")) << cut;
    }
}

TEST(SentencePieceModel, Hazard087_WrongTypesAndTooManyPieces) {
    SmallModel model;
    model.pieces += wire_piece("x", 0, 7);
    EXPECT_NE(error_of(model).find("a piece is of type 7; expected 1 to 6"), std::string::npos);
    model.pieces.clear();
    for (int i = 0; i <= 1 << 20; ++i) model.pieces += std::string("\x0A\0", 2);
    EXPECT_NE(error_of(model).find("has more than 1048576 pieces"), std::string::npos);
}

TEST(SentencePieceModel, EncodesTheReferenceCasesOfMixtral) {
    GREENROOM_NEED_SHARED(model, "tokenizers/mistral-common/tokenizer.model.v1");
    GREENROOM_NEED_SHARED(cases, "tokenizers/mixtral-v1.cases.jsonl");
    const auto tokenizer = load_tokenizer(model);
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    for (const io::Json& line : tests::read_lines(cases)) {
        EXPECT_EQ(
            (*tokenizer)->encode(tests::text_of(line, "text"), tests::reference_options(line)),
            tests::ids_of(line))
            << line.dump();
    }
}

}  // namespace
}  // namespace greenroom::runtime
