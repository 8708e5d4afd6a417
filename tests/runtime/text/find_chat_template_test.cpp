#include "runtime/text/find_chat_template.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

bool no_token(std::string_view) {
    return false;
}

io::ModelFiles gguf(std::initializer_list<std::pair<std::string, io::MetadataValue>> values) {
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::gguf;
    files.root = "model.gguf";
    files.metadata = io::Metadata("model.gguf");
    for (const auto& [key, value] : values) files.metadata.insert(key, value);
    return files;
}

io::ModelFiles folder(const tests::TemporaryFolder& at) {
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = at.path();
    return files;
}

std::string source(const io::Result<FoundTemplate>& found) {
    return found ? found->source : found.error().message;
}

std::string origin(const io::Result<FoundTemplate>& found) {
    return found ? found->origin : found.error().message;
}

TEST(FindChatTemplate, TakesTheOneOfTheGguf) {
    const auto files = gguf({{"tokenizer.chat_template", std::string("main")},
                             {"tokenizer.chat_template.tool_use", std::string("tools")},
                             {"tokenizer.chat_templates", std::vector<std::string>{"tool_use"}}});
    EXPECT_EQ(source(find_chat_template(files, no_token)), "main");
    EXPECT_EQ(source(find_chat_template(files, no_token, "default")), "main");
    EXPECT_EQ(source(find_chat_template(files, no_token, "tool_use")), "tools");
    EXPECT_EQ(origin(find_chat_template(files, no_token, "tool_use")),
              "tokenizer.chat_template.tool_use");
}

TEST(FindChatTemplate, TakesAVariantWhereTheGgufHasNoDefault) {
    const auto files = gguf({{"tokenizer.chat_template.rag", std::string("rag")}});
    EXPECT_EQ(source(find_chat_template(files, no_token)), "rag");
}

TEST(FindChatTemplate, NamesTheKeyThatHoldsNoText) {
    const auto files = gguf({{"tokenizer.chat_template", std::uint64_t{7}}});
    const auto found = find_chat_template(files, no_token);
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("tokenizer.chat_template"), std::string::npos);
}

TEST(FindChatTemplate, Hazard075_NoTemplateInTheFileMeansABuiltInOne) {
    EXPECT_EQ(origin(find_chat_template(gguf({}), no_token)), "built in: plain");
    const auto has_chatml = [](std::string_view token) { return token.starts_with("<|im_"); };
    EXPECT_EQ(origin(find_chat_template(gguf({}), has_chatml)), "built in: chatml");
    const auto mixtral = gguf(
        {{"general.architecture", std::string("llama")}, {"llama.expert_count", std::uint64_t{8}}});
    EXPECT_EQ(origin(find_chat_template(mixtral, no_token)), "built in: mistral-v1");
    const tests::TemporaryFolder at;
    at.write("config.json", R"({"model_type": "mixtral"})");
    EXPECT_EQ(origin(find_chat_template(folder(at), no_token)), "built in: mistral-v1");
}

TEST(FindChatTemplate, TakesABuiltInOneByNameAndSaysWhichThereAre) {
    const auto files = gguf({{"tokenizer.chat_template", std::string("main")}});
    EXPECT_EQ(origin(find_chat_template(files, no_token, "llama3")), "built in: llama3");
    EXPECT_EQ(
        source(find_chat_template(files, no_token, "llama9")),
        "chat template 'llama9': expected one of the model's own (default) or of the built-in "
        "(chatml, llama2, llama3, mistral-v1, mistral-v3, plain)");
}

TEST(FindChatTemplate, ReadsTheStringOfTheFoldersConfig) {
    const tests::TemporaryFolder at;
    at.write("tokenizer_config.json",
             R"({"chat_template": "from config", "bos_token": "<s>",
                 "eos_token": {"content": "</s>", "lstrip": false}})");
    const auto found = find_chat_template(folder(at), no_token);
    EXPECT_EQ(source(found), "from config");
    EXPECT_EQ(found->bos_token, "<s>");
    EXPECT_EQ(found->eos_token, "</s>");
}

TEST(FindChatTemplate, ReadsTheListOfTheFoldersConfig) {
    const tests::TemporaryFolder at;
    at.write("tokenizer_config.json",
             R"({"bos_token": null, "chat_template": [{"name": "tool_use", "template": "t"},
                                                      {"name": "default", "template": "d"}]})");
    const auto found = find_chat_template(folder(at), no_token);
    EXPECT_EQ(source(found), "d");
    EXPECT_EQ(found->bos_token, "");
    EXPECT_EQ(source(find_chat_template(folder(at), no_token, "tool_use")), "t");
}

TEST(FindChatTemplate, PrefersAFileOfItsOwn) {
    const tests::TemporaryFolder at;
    at.write("tokenizer_config.json", R"({"chat_template": "from config"})");
    at.write("chat_template.json", R"({"chat_template": "from json"})");
    EXPECT_EQ(source(find_chat_template(folder(at), no_token)), "from config");
    at.write("chat_template.jinja", "from file");
    EXPECT_EQ(source(find_chat_template(folder(at), no_token)), "from file");
}

TEST(FindChatTemplate, ReadsTheLastResortOfAFolder) {
    const tests::TemporaryFolder at;
    at.write("chat_template.json", R"({"chat_template": "from json"})");
    EXPECT_EQ(source(find_chat_template(folder(at), no_token)), "from json");
    at.write("chat_template.json", R"(["from json"])");
    EXPECT_NE(source(find_chat_template(folder(at), no_token)).find("is a JSON array"),
              std::string::npos);
}

TEST(FindChatTemplate, NamesTheFileWhoseTemplateIsOfNoKnownShape) {
    for (const char* config : {R"({"chat_template": 7})",
                               R"({"chat_template": [{"name": "default"}]})",
                               R"({"chat_template": ["x"]})"}) {
        const tests::TemporaryFolder at;
        at.write("tokenizer_config.json", config);
        const std::string message = source(find_chat_template(folder(at), no_token));
        EXPECT_NE(message.find("tokenizer_config.json: chat_template: "), std::string::npos)
            << message;
    }
}

TEST(FindChatTemplate, LooksBesideAFileOfAFolder) {
    const tests::TemporaryFolder at;
    at.write("chat_template.jinja", "beside");
    io::ModelFiles files = folder(at);
    files.root = at.write("model.safetensors", "");
    EXPECT_EQ(source(find_chat_template(files, no_token)), "beside");
}

}  // namespace
}  // namespace greenroom::runtime
