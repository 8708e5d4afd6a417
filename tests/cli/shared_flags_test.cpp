#include "cli/shared_flags.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

struct Started {
    runtime::Settings settings;
    SharedFlags shared;
    std::optional<int> code;
    std::string err;
};

Started start(std::initializer_list<const char*> flags) {
    Started out;
    Arguments arguments("try", "[flags]", "Tries the flags.");
    add_model_flags(arguments, out.settings, out.shared);
    add_reply_flags(arguments, out.settings);
    add_chat_flags(arguments, out.settings);
    add_sampling_flags(arguments, out.settings);
    add_output_flags(arguments, out.shared);
    std::vector<const char*> argv = {"try"};
    argv.insert(argv.end(), flags);
    testing::internal::CaptureStderr();
    out.code = start_command(arguments, argv, out.settings, out.shared);
    out.err = testing::internal::GetCapturedStderr();
    return out;
}

TEST(StartCommand, FillsTheSettings) {
    const Started out = start({"-m",
                               "x.gguf",
                               "-c",
                               "99",
                               "--temp",
                               "0.5",
                               "-n",
                               "7",
                               "--exact",
                               "--context-overflow",
                               "shift",
                               "--seed",
                               "3",
                               "--json"});
    EXPECT_EQ(out.code, std::nullopt) << out.err;
    EXPECT_EQ(out.settings.model.path, "x.gguf");
    EXPECT_EQ(out.settings.model.context, 99);
    EXPECT_TRUE(out.settings.model.exact);
    EXPECT_EQ(out.settings.sampling.temperature, 0.5);
    EXPECT_EQ(out.settings.sampling.seed, 3);
    EXPECT_EQ(out.settings.chat.predict, 7);
    EXPECT_EQ(out.settings.chat.context_overflow, "shift");
    EXPECT_TRUE(out.shared.json);
}

// A settings file yields to --set, and that to a flag of its own.
TEST(StartCommand, FlagsWinOverSetOverTheFile) {
    const tests::TemporaryFolder folder;
    const std::string file =
        folder.write("s.toml", "[model]\ncontext = 1\nthreads = 1\nbatch = 1\n").string();
    const Started out = start({"-c",
                               "3",
                               "--config",
                               file.c_str(),
                               "--set",
                               "model.context=2",
                               "--set",
                               "model.threads=2"});
    EXPECT_EQ(out.code, std::nullopt) << out.err;
    EXPECT_EQ(out.settings.model.batch, 1);
    EXPECT_EQ(out.settings.model.threads, 2);
    EXPECT_EQ(out.settings.model.context, 3);
}

TEST(StartCommand, Hazard161_NamesTheNearestSetting) {
    const Started out = start({"--set", "model.contxt=2"});
    EXPECT_EQ(out.code, kUsageError);
    EXPECT_EQ(out.err,
              "greenroom try: --set no setting \"model.contxt\"; did you mean model.context?\n");
    EXPECT_EQ(start({"--set", "model.context"}).code, kUsageError);
    EXPECT_EQ(start({"--set", "model.context=-1"}).code, kUsageError);
}

TEST(StartCommand, Hazard161_RefusesConflictsAndMissingFiles) {
    EXPECT_EQ(start({"-v", "-q"}).err,
              "greenroom try: --verbose and --quiet exclude each other\ntry: greenroom help try\n");
    const Started out = start({"--config", "no/such.toml"});
    EXPECT_EQ(out.code, kWorldsFault);
    EXPECT_NE(out.err.find("no/such.toml"), std::string::npos) << out.err;
}

TEST(Note, IsSilencedByQuiet) {
    testing::internal::CaptureStderr();
    note({.quiet = true}, "nothing");
    note({}, "something");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "note: something\n");
}

TEST(StartCommand, Hazard161_NamesAnInstructionSetThatIsNone) {
    const tests::ProgramEnd end = tests::run_program(
        {.arguments = {"run", "-p", "x"}, .environment = {{"GREENROOM_CPU_PATH", "sse9"}}});
    EXPECT_EQ(end.code, 1);
    EXPECT_NE(end.err.find("got \"sse9\""), std::string::npos) << end.err;
    const tests::ProgramEnd plain =
        tests::run_program({.arguments = {"run", "-p", "x", "-n", "1"},
                            .environment = {{"GREENROOM_CPU_PATH", "plain"}}});
    EXPECT_EQ(plain.code, 0) << plain.err;
}

TEST(StartCommand, TheEnvironmentChoosesTheDevice) {
    const tests::ProgramEnd wrong = tests::run_program(
        {.arguments = {"run", "-p", "x"}, .environment = {{"GREENROOM_DEVICE", "tpu"}}});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_NE(wrong.err.find("got \"tpu\""), std::string::npos) << wrong.err;
    // Whatever this machine has, a reply comes.
    const tests::ProgramEnd any =
        tests::run_program({.arguments = {"run", "-p", "x", "-n", "1"},
                            .environment = {{"GREENROOM_DEVICE", "auto"}}});
    EXPECT_EQ(any.code, 0) << any.err;
}

}  // namespace
}  // namespace greenroom::cli
