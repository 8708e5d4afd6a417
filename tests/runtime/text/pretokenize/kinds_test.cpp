#include "runtime/text/pretokenize/kinds.hpp"

#include <gtest/gtest.h>

#include "runtime/text/pretokenize/cased_words.hpp"
#include "runtime/text/pretokenize/deepseek_words.hpp"
#include "runtime/text/pretokenize/line_words.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"

namespace greenroom::runtime {
namespace {

TEST(Kinds, KnowTheNamesThatFilesUse) {
    for (const char* name : {"gpt-2", "llama-bpe", "qwen2", "deepseek-v3", "gpt-4o", "default"}) {
        ASSERT_TRUE(find_pre_tokenizer(name)) << name;
        EXPECT_EQ(find_pre_tokenizer(name)->name, name);
    }
    EXPECT_FALSE(find_pre_tokenizer("qwen"));
    EXPECT_FALSE(find_pre_tokenizer(""));
}

TEST(Kinds, SomeKeepWholeWordsAndSomeAddBos) {
    EXPECT_TRUE(find_pre_tokenizer("llama-bpe")->ignores_merges);
    EXPECT_TRUE(find_pre_tokenizer("llama-bpe")->adds_bos);
    EXPECT_TRUE(find_pre_tokenizer("glm4")->ignores_merges);
    EXPECT_FALSE(find_pre_tokenizer("glm4")->adds_bos);
    EXPECT_FALSE(find_pre_tokenizer("dbrx")->ignores_merges);
}

TEST(Kinds, NameRulesForOtherFiles) {
    const Rule qwen[] = {qwen2_words};
    const Rule llama[] = {llama3_words};
    const Rule odd[] = {llama3_words, lines};
    EXPECT_EQ(name_of_rules(qwen, false), "qwen2");
    EXPECT_EQ(name_of_rules(llama, true), "llama-bpe");
    EXPECT_EQ(name_of_rules(llama, false), "dbrx");
    EXPECT_EQ(name_of_rules(odd, false), "");
}

TEST(Kinds, KnowPublishedExpressions) {
    EXPECT_EQ(find_rule(R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N})"
                        R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"),
              qwen2_words);
    EXPECT_EQ(find_rule("\\p{N}{1,3}"), number_triples);
    EXPECT_EQ(find_rule("\\s?[" + std::string(kDeepseekSigns) + "]+"), listed_signs);
    EXPECT_EQ(find_rule("[a-z]+"), nullptr);
}

TEST(Kinds, KnowOneExpressionInSeveralSpellings) {
    EXPECT_EQ(find_rule("[\r\n]"), single_newlines);
    EXPECT_EQ(find_rule("[\\r\\n]"), single_newlines);
    EXPECT_EQ(find_rule(R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3})"
                        R"(| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)"),
              llama3_words);
}

}  // namespace
}  // namespace greenroom::runtime
