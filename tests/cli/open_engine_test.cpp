#include "cli/open_engine.hpp"

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

TEST(OpenEngine, LoadsTheModelThatIsNamed) {
    Signals signals;
    runtime::Engine engine;
    ModelCommand command{.name = "try"};
    command.settings.model.path =
        tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf").string();
    EXPECT_EQ(open_engine(command, signals, engine), std::nullopt);
    EXPECT_EQ(engine.identity.name, "Greenroom demo 8x4.6M");
}

TEST(OpenEngine, PrintsOneLineForAModelThatCannotBeLoaded) {
    Signals signals;
    runtime::Engine engine;
    ModelCommand command{.name = "try"};
    command.settings.model.path = "no/such.gguf";
    testing::internal::CaptureStderr();
    EXPECT_EQ(open_engine(command, signals, engine), kWorldsFault);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "greenroom try: no/such.gguf: cannot open: No such file or directory\n");
}

TEST(OpenEngine, SaysMoreWhenAskedTo) {
    const tests::ProgramEnd end = tests::run_program({"run", "-p", "x", "-n", "1", "-v"});
    EXPECT_NE(end.err.find("note: Greenroom demo 8x4.6M: 12.3 MiB in "), std::string::npos)
        << end.err;
}

TEST(OpenEngine, WarnsUnlessToldToBeQuiet) {
    const tests::ProgramEnd loud = tests::run_program({"run", "-p", "x", "-n", "1", "-c", "1000"});
    EXPECT_EQ(loud.err, "note: a context of 1000 positions, but the model was trained on 512\n");
    EXPECT_EQ(tests::run_program({"run", "-p", "x", "-n", "1", "-c", "1000", "-q"}).err, "");
}

}  // namespace
}  // namespace greenroom::cli
