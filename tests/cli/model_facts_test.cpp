#include "cli/model_facts.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

TEST(GatherFacts, TriesTheTokenizerAndTheTemplate) {
    const auto facts = gather_facts(
        {.path = tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf").string()});
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_EQ(facts->text.tokenizer, "spm");
    EXPECT_EQ(facts->text.tokens, 2048u);
    EXPECT_EQ(facts->text.template_origin, "tokenizer.chat_template");
    EXPECT_EQ(facts->text.template_error, "");
    EXPECT_EQ(facts->file_bytes(), 12905408u);
}

TEST(GatherFacts, RunsAtTheModelsContextUnlessAskedOtherwise) {
    const std::string demo = tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf").string();
    EXPECT_EQ(gather_facts({.path = demo})->run_context, 512);
    EXPECT_EQ(gather_facts({.path = demo, .context = 100})->run_context, 100);
}

TEST(GatherFacts, Hazard036_NeedsEveryShard) {
    GREENROOM_NEED_REFERENCE(shard, "models/mixtral/mixtral-split3-BF16-00001-of-00003.gguf");
    const tests::TemporaryFolder folder;
    const auto alone = folder.write(shard.filename().string(), tests::slurp(shard));
    const auto facts = gather_facts({.path = alone.string()});
    ASSERT_FALSE(facts);
    EXPECT_NE(facts.error().message.find("00002-of-00003"), std::string::npos)
        << facts.error().message;
}

}  // namespace
}  // namespace greenroom::cli
