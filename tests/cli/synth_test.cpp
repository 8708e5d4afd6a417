#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd synth(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "synth");
    return run_program(std::move(flags));
}

TEST(Synth, WritesAModelThatTheOtherCommandsTake) {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "model.gguf").string();
    const ProgramEnd end = synth({"small-moe", "--layers", "2", "-o", path, "--json"});
    ASSERT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.json()["file_bytes"], std::filesystem::file_size(path));

    const io::Json model = run_program({"inspect", path, "--json"}).json();
    EXPECT_EQ(model["name"], "small-moe q4_k_m, random");
    EXPECT_EQ(model["layers"], 2);
    EXPECT_EQ(model["experts"], 8);
    const ProgramEnd run =
        run_program({"run", "-m", path, "-p", "Hello", "-n", "4", "--ignore-eos", "--json"});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.json()["ids"].size(), 4u);
}

TEST(Synth, SaysWhatIsMissingOrUnknown) {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "model.gguf").string();
    EXPECT_EQ(synth({}).code, 2);
    EXPECT_EQ(synth({"small-moe"}).code, 2);
    EXPECT_EQ(synth({"small-moe", "-o", path, "--layers", "0"}).code, 2);
    const ProgramEnd shape = synth({"mixtral", "-o", path});
    EXPECT_EQ(shape.code, 1);
    EXPECT_NE(shape.err.find("there are mixtral-8x7b"), std::string::npos) << shape.err;
    EXPECT_EQ(synth({"small-moe", "-o", path, "--quant", "nvfp4"}).code, 1);
    EXPECT_EQ(synth({"small-moe", "-o", folder.path().string()}).code, 1);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Synth, AFileThatTheDiskCannotHoldIsOneLine) {
    const TemporaryFolder folder;
    const std::string path = (folder.path() / "model.gguf").string();
    const ProgramEnd end =
        synth({"mixtral-8x22b", "--quant", "f32", "--layers", "512", "-o", path});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    EXPECT_NE(end.err.find("cannot write"), std::string::npos) << end.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace greenroom::tests
