#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

io::Json inspected(const std::filesystem::path& model, std::vector<std::string> flags = {}) {
    std::vector<std::string> arguments = {"inspect", model.string(), "--json"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProgramEnd end = run_program(arguments);
    EXPECT_EQ(end.code, 0) << end.err;
    return end.json();
}

TEST(Inspect, TellsTheNumbersOfTheDemoModel) {
    const io::Json model = inspected(source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    EXPECT_EQ(model["name"], "Greenroom demo 8x4.6M");
    EXPECT_EQ(model["architecture"], "llama");
    EXPECT_EQ(model["parameters"], 21118208);
    EXPECT_EQ(model["layers"], 6);
    EXPECT_EQ(model["experts"], 8);
    EXPECT_EQ(model["experts_used"], 2);
    EXPECT_EQ(model["context_length"], 512);
    EXPECT_EQ(model["vocabulary"], 2048);
    // 512 x 256 weights three times: Q4_K 4.5 bits each; in two layers `down` is Q6_K, 6.5625 bits.
    EXPECT_EQ(model["expert_bytes"], (io::Json{221184, 221184, 254976, 221184, 221184, 254976}));
    EXPECT_EQ(model["bytes"]["experts"], 8 * (4 * 221184 + 2 * 254976));
    EXPECT_TRUE(model["quant_types"].contains("Q6_K"));
    EXPECT_EQ(model["tokenizer"]["kind"], "spm");
    EXPECT_EQ(model["tokenizer"]["tokens"], 2048);
    EXPECT_EQ(model["template"]["renders"], true);
}

TEST(Inspect, ComponentsAndTensorsAddUpToTheSameBytes) {
    const io::Json model =
        inspected(source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"), {"--tensors"});
    std::uint64_t tensors = 0, types = 0;
    for (const io::Json& tensor : model["tensors"]) tensors += tensor["bytes"].get<std::uint64_t>();
    for (const io::Json& type : model["quant_types"]) types += type["bytes"].get<std::uint64_t>();
    EXPECT_EQ(model["bytes"]["total"], tensors);
    EXPECT_EQ(model["bytes"]["total"], types);
    EXPECT_GT(model["run_bytes"], model["bytes"]["total"]);
    EXPECT_EQ(model["tensors"][0].size(), 6u);
}

TEST(Inspect, FindsAllShardsFromAnyOfThem) {
    GREENROOM_NEED_REFERENCE(first, "models/mixtral/mixtral-split3-BF16-00001-of-00003.gguf");
    io::Json whole = inspected(first);
    EXPECT_EQ(whole["files"], 3);
    for (const char* shard : {"00002", "00003"}) {
        io::Json other = inspected(first.parent_path() /
                                   fmt::format("mixtral-split3-BF16-{}-of-00003.gguf", shard));
        whole.erase("path");
        other.erase("path");
        EXPECT_EQ(other, whole);
    }
}

TEST(Inspect, TellsTheSameOfTheOldLayout) {
    GREENROOM_NEED_REFERENCE(old, "models/mixtral/mixtral-old-layout-F16.gguf");
    GREENROOM_NEED_REFERENCE(split, "models/mixtral/mixtral-split3-BF16-00001-of-00003.gguf");
    const io::Json one = inspected(old), other = inspected(split);
    for (const char* field : {"parameters", "active_parameters", "experts", "expert_bytes"}) {
        EXPECT_EQ(one[field], other[field]) << field;
    }
}

TEST(Inspect, MoreContextTakesMoreMemory) {
    const auto demo = source_path("configs/demo/greenroom-demo-Q4_K_M.gguf");
    const auto bytes = [&](std::vector<std::string> flags) {
        return inspected(demo, std::move(flags))["run_bytes"].get<std::uint64_t>();
    };
    EXPECT_LT(bytes({"-c", "256"}), bytes({"-c", "512"}));
    EXPECT_LT(bytes({"--kv-type", "q8_0"}), bytes({}));
    EXPECT_LT(bytes({}), bytes({"--kv-type", "f32"}));
}

TEST(Inspect, SpeaksToPeopleWithoutJson) {
    const ProgramEnd end = run_program({"inspect"});
    EXPECT_EQ(end.code, 0);
    EXPECT_NE(end.out.find("21.1 M, 6.96 M active"), std::string::npos) << end.out;
    EXPECT_NE(end.out.find("8 experts in each, 2 per token"), std::string::npos) << end.out;
    EXPECT_EQ(end.err, "");
}

// Headers only: the tensor data of this file is a hole that was never written.
TEST(Inspect, Hazard034_AnswersForAHugeSparseFile) {
    const TemporaryFolder folder;
    const auto path =
        folder.write("huge.gguf", slurp(source_path("configs/demo/greenroom-demo-Q4_K_M.gguf")));
    std::error_code failed;
    std::filesystem::resize_file(path, 200ull << 30, failed);
    if (failed) GTEST_SKIP() << "no room for a sparse file: " << failed.message();
    EXPECT_EQ(inspected(path)["file_bytes"], 200ull << 30);
}

TEST(Inspect, Hazard035_NamesAFileThatIsNotThere) {
    const ProgramEnd end = run_program({"inspect", "no/such.gguf"});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.out, "");
    EXPECT_EQ(end.err, "greenroom inspect: no/such.gguf: cannot open: No such file or directory\n");
}

// Names from a file must not reach the terminal as they are.
TEST(Inspect, Hazard018_ShowsEscapesInNamesAsText) {
    std::string bytes = slurp(source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    const std::size_t name = bytes.find("Greenroom demo");
    ASSERT_NE(name, std::string::npos);
    bytes.replace(name, 4, "\x1b[2J");
    const TemporaryFolder folder;
    const ProgramEnd end = run_program({"inspect", folder.write("evil.gguf", bytes).string()});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_NE(end.out.find("\\x1b[2Jnroom demo"), std::string::npos) << end.out;
}

}  // namespace
}  // namespace greenroom::tests
