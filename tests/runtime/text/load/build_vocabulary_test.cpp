#include "runtime/text/load/build_vocabulary.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

TEST(BuildVocabulary, CorrectsTypesAndSaysSo) {
    TokenizerParts parts;
    ASSERT_TRUE(build_vocabulary({tests::user_defined("</s>"), tests::token("a")}, "x", parts));
    EXPECT_EQ((*parts.vocabulary)[0].type, TokenType::control);
    EXPECT_EQ(parts.warnings.size(), 1u);
}

TEST(BuildVocabulary, NamesTheFileInErrors) {
    TokenizerParts parts;
    const auto built = build_vocabulary({}, "x", parts);
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().message, "x: the vocabulary is empty; expected tokens");
}

TEST(BuildVocabulary, Hazard077_TheUnknownTokenIsNoEndOfATurn) {
    TokenizerParts parts;
    ASSERT_TRUE(build_vocabulary({tests::control("<unk>"),
                                  tests::control("</s>"),
                                  tests::token("?"),
                                  tests::token("[UNK]", TokenType::unknown)},
                                 "x",
                                 parts));
    EXPECT_EQ(usable_unknown(0, parts), 0);
    EXPECT_EQ(usable_unknown(2, parts), 2);
    EXPECT_EQ(usable_unknown(3, parts), 3);
    EXPECT_EQ(usable_unknown({}, parts), std::nullopt);
    EXPECT_TRUE(parts.warnings.empty());
    EXPECT_EQ(usable_unknown(1, parts), std::nullopt);
    EXPECT_EQ(parts.warnings.size(), 1u);
}

TEST(BuildVocabulary, WarnsOfMergesThatAreLeftOut) {
    TokenizerParts parts;
    ASSERT_TRUE(build_vocabulary(tests::normal_tokens({"a", "b", "ab"}), "x", parts));
    const MergeSides sides[] = {{"a", "b"}, {"b", "c"}};
    EXPECT_NE(build_merges(sides, parts).find(0, 1), nullptr);
    EXPECT_EQ(parts.warnings.size(), 1u);
}

}  // namespace
}  // namespace greenroom::runtime
