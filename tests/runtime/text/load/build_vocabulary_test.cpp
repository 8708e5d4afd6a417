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

TEST(BuildVocabulary, WarnsOfMergesThatAreLeftOut) {
    TokenizerParts parts;
    ASSERT_TRUE(build_vocabulary(tests::normal_tokens({"a", "b", "ab"}), "x", parts));
    const MergeSides sides[] = {{"a", "b"}, {"b", "c"}};
    EXPECT_NE(build_merges(sides, parts).find(0, 1), nullptr);
    EXPECT_EQ(parts.warnings.size(), 1u);
}

}  // namespace
}  // namespace greenroom::runtime
