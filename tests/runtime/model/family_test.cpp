#include "runtime/model/family.hpp"

#include <gtest/gtest.h>

#include "tests/support/gguf_bytes.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

void expect_said(const io::Result<Identity>& found, std::string_view part) {
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find(part), std::string::npos)
        << found.error().message << "\nhas no " << part;
}

io::Result<Identity> identify_gguf(const tests::TinyModel& tiny) {
    const tests::TemporaryFolder folder;
    return identify(tiny.open(folder));
}

// A folder with this config.json, as if its tensors had been opened.
io::Result<Identity> identify_config(std::string_view config) {
    const tests::TemporaryFolder folder;
    folder.write("config.json", config);
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = folder.path();
    return identify(files);
}

TEST(Family, GgufFilesAreKnownByTheirArchitecture) {
    const auto found = identify_gguf({});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->family->name, "llama");
    EXPECT_EQ(found->name, "Tiny");
    EXPECT_EQ(found->hyperparameters.experts, 4);
}

TEST(Family, FilesWithoutANameAreCalledByTheirFile) {
    tests::TinyModel tiny;
    tiny.remove("general.name");
    const auto found = identify_gguf(tiny);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->name, "tiny");
}

TEST(Family, FoldersAreKnownByTheirModelType) {
    GREENROOM_NEED_REFERENCE(config, "models/mixtral/config.json");
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = config.parent_path();
    const auto found = identify(files);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->family->name, "llama");
    EXPECT_EQ(found->name, "mixtral");
    EXPECT_EQ(found->hyperparameters.layers, 3);
}

// llama.cpp's converter permutes the rows of q and k; the published checkpoints do not.
TEST(Family, ContainersPairTheRotatedElementsDifferently) {
    for (const Family& family : families()) {
        EXPECT_EQ(family.rules(io::ModelFiles::Kind::gguf).pairing, kernels::RopePairing::adjacent);
        EXPECT_EQ(family.rules(io::ModelFiles::Kind::safetensors).pairing,
                  kernels::RopePairing::halves);
    }
}

TEST(Family, Hazard046_ArchitectureMissing) {
    tests::TinyModel tiny;
    tiny.remove("general.architecture");
    expect_said(identify_gguf(tiny), "key general.architecture is missing");
}

TEST(Family, Hazard046_ArchitectureUnknown) {
    tests::TinyModel tiny;
    tiny.set("general.architecture",
             tests::gguf::text_entry("general.architecture", "mamba\x1b[2J"));
    expect_said(identify_gguf(tiny), "supported: llama");
    expect_said(identify_gguf(tiny), "architecture 'mamba\\x1b[2J'");
}

TEST(Family, Hazard046_ArchitectureIsNoText) {
    tests::TinyModel tiny;
    tiny.set("general.architecture", tests::gguf::u32_entry("general.architecture", 7));
    expect_said(identify_gguf(tiny), "general.architecture");
}

TEST(Family, Hazard085_ConfigIsMissing) {
    const tests::TemporaryFolder folder;
    io::ModelFiles files;
    files.kind = io::ModelFiles::Kind::safetensors;
    files.root = folder.path();
    expect_said(identify(files), "config.json");
}

TEST(Family, Hazard085_ConfigIsNoObject) {
    for (const char* text : {"", "[]", "null", "{", "\xff\xfe{\0}\0"}) {
        expect_said(identify_config(text), "config.json");
    }
}

TEST(Family, Hazard085_ConfigWithAByteOrderMark) {
    const auto found = identify_config("\xef\xbb\xbf{\"model_type\": \"gpt9\"}");
    ASSERT_FALSE(found);  // read past the mark, or refused for it: named in both cases
    EXPECT_NE(found.error().message.find("config.json"), std::string::npos);
}

TEST(Family, Hazard085_ModelTypeUnknown) {
    expect_said(identify_config(R"({"model_type": "gpt9"})"),
                "model_type 'gpt9' is not supported; supported: mixtral, mistral, llama");
    expect_said(identify_config(R"({"model_type": null})"), "model_type is missing");
    expect_said(identify_config(R"({"model_type": ["mixtral"]})"), "model_type is missing");
    expect_said(identify_config("{}"), "model_type is missing");
}

TEST(Family, Hazard085_ConfigOfOneHundredMegabytes) {
    expect_said(identify_config(std::string(100 << 20, ' ')), "config.json");
}

}  // namespace
}  // namespace greenroom::runtime
