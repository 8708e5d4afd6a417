#include "cli/open_engine.hpp"

#include <csignal>
#include <gtest/gtest.h>

#include "tests/support/held_file.hpp"
#include "tests/support/pty.hpp"
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

// The program at a terminal, with a model on a disk that does not answer yet.
struct LoadingRun {
    tests::TemporaryFolder folder;
    std::filesystem::path model = folder.path() / "model.gguf";
    std::optional<tests::HeldFile> held;
    std::optional<tests::Pty> pty;

    // False where files cannot be held.
    bool start() {
        std::filesystem::copy_file(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"),
                                   model);
        held.emplace(model);
        if (!held->held()) return false;
        pty.emplace(
            tests::ProgramCall{.arguments = {"run", "-m", model.string(), "-p", "x", "-n", "1"}});
        return held->wait_for_opener();
    }
};

TEST(OpenEngine, Hazard162_CtrlCWhileTheModelIsLoadedEndsTheProgram) {
    LoadingRun run;
    if (!run.start()) GTEST_SKIP() << "files cannot be held here";
    run.pty->type(tests::kCtrlC);
    run.pty->wait_for("^C");
    run.held->release();
    const tests::ProgramEnd end = run.pty->wait_end();
    EXPECT_EQ(end.signal, SIGINT) << end.out;
    EXPECT_EQ(end.out, "^C");
}

TEST(OpenEngine, Hazard162_CtrlCTwiceEndsALoadThatHangs) {
    LoadingRun run;
    if (!run.start()) GTEST_SKIP() << "files cannot be held here";
    // Signals that come while one of their kind waits are one: it takes two, and may take more.
    for (int i = 0; i < 50; ++i) {
        run.pty->type(tests::kCtrlC);
        run.pty->settle(20);
    }
    EXPECT_EQ(run.pty->wait_end().code, 130);
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
