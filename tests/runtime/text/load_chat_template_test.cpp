#include "runtime/text/load_chat_template.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

struct Demo {
    io::Result<io::ModelFiles> files =
        io::open_model_files(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    std::unique_ptr<Tokenizer> tokenizer = std::move(*load_tokenizer(*files));
};

TEST(LoadChatTemplate, RendersTheModelsOwnWithTheTokenizersMarks) {
    const Demo demo;
    const auto loaded = load_chat_template(*demo.files, *demo.tokenizer);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->origin, "tokenizer.chat_template");
    EXPECT_EQ(loaded->bos_token, "<s>");
    EXPECT_EQ(loaded->eos_token, "</s>");
    TemplateInput input;
    input.messages = {{{"role", "user"}, {"content", "Hi"}}};
    const auto rendered = loaded->chat_template.render(input);
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_NE(rendered->text.find("[INST] Hi [/INST]"), std::string::npos);
}

TEST(LoadChatTemplate, TakesTheOneThatIsWanted) {
    const Demo demo;
    const auto loaded = load_chat_template(*demo.files, *demo.tokenizer, "chatml");
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->origin, "built in: chatml");
}

TEST(LoadChatTemplate, Hazard075_SaysWhereATemplateStandsThatCannotBeUsed) {
    const Demo demo;
    const tests::TemporaryFolder folder;
    folder.write("chat_template.jinja", "{% for %}");
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = folder.path();
    const auto loaded = load_chat_template(files, *demo.tokenizer);
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("chat_template.jinja: "), std::string::npos)
        << loaded.error().message;
}

}  // namespace
}  // namespace greenroom::runtime
