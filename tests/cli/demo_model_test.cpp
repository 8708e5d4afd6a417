#include "cli/demo_model.hpp"

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {
namespace fs = std::filesystem;

// Copies the program to folder/bin, with the demo model where the installation puts it, or not.
ProgramEnd inspect_installed(const TemporaryFolder& folder, bool with_demo) {
    fs::create_directories(folder.path() / "bin");
    fs::copy_file(program_path(), folder.path() / "bin" / "greenroom");
    if (with_demo) {
        const fs::path configs = folder.path() / "share/greenroom/configs";
        fs::create_directories(configs);
        fs::copy(source_path("configs/demo"), configs / "demo");
    }
    return run_program({.arguments = {"inspect", "--json"},
                        .folder = folder.path(),
                        .program = folder.path() / "bin" / "greenroom"});
}

TEST(DemoModel, IsFoundInABuild) {
    const ProgramEnd end = run_program({.arguments = {"inspect", "--json"}, .folder = "/"});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.json()["name"], "Greenroom demo 8x4.6M");
}

TEST(DemoModel, IsFoundOnceInstalled) {
    const TemporaryFolder folder;
    const ProgramEnd end = inspect_installed(folder, true);
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.json()["name"], "Greenroom demo 8x4.6M");
}

TEST(DemoModel, IsMissedInOneLine) {
    const TemporaryFolder folder;
    const ProgramEnd end = inspect_installed(folder, false);
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.err,
              "greenroom inspect: no model: name one with -m; the demo model is not beside the "
              "program\n");
}

TEST(DemoModel, YieldsToTheModelThatIsNamed) {
    runtime::Settings settings;
    settings.model.path = "mine.gguf";
    EXPECT_TRUE(cli::default_to_demo(settings));
    EXPECT_EQ(settings.model.path, "mine.gguf");
}

}  // namespace
}  // namespace greenroom::tests
