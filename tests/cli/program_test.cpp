#include "cli/program.hpp"

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

TEST(Program, ListsItsCommands) {
    const ProgramEnd end = run_program({"--help"});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.err, "");
    for (const char* name : {"chat", "run", "inspect", "tokenize", "template", "logits"}) {
        EXPECT_NE(end.out.find(std::string("\n  ") + name + " "), std::string::npos) << name;
    }
    EXPECT_EQ(run_program({"help"}).out, end.out);
    EXPECT_EQ(run_program({"-h"}).out, end.out);
}

TEST(Program, TellsItsVersion) {
    EXPECT_TRUE(run_program({"--version"}).out.starts_with("greenroom 0."));
    EXPECT_EQ(run_program({"version"}).code, 0);
}

TEST(Program, Hazard161_SaysWhatACommandLineLacks) {
    const ProgramEnd nothing = run_program(std::vector<std::string>{});
    EXPECT_EQ(nothing.code, 2);
    EXPECT_TRUE(nothing.err.starts_with("usage: greenroom COMMAND")) << nothing.err;
    const ProgramEnd near = run_program({"chta"});
    EXPECT_EQ(near.code, 2);
    EXPECT_EQ(near.err,
              "greenroom: no command \"chta\"; did you mean chat?\ntry: greenroom --help\n");
    EXPECT_NE(run_program({"frobnicate"}).err.find("no command \"frobnicate\"\n"),
              std::string::npos);
    EXPECT_NE(run_program({"--model", "x"}).err.find("expected a command, got the flag --model"),
              std::string::npos);
    EXPECT_EQ(run_program({"help", "frobnicate"}).code, 2);
    EXPECT_EQ(run_program({""}).code, 2);
}

// A file must never be opened as descriptor 0, 1 or 2: what is printed would be written into it.
TEST(Program, Hazard162_RunsWithClosedStreams) {
    const std::vector<std::string> inspect = {"inspect"};
    EXPECT_EQ(run_program({.arguments = inspect, .closed = {0}}).code, 0);
    EXPECT_EQ(run_program({.arguments = inspect, .closed = {2}}).code, 0);
    EXPECT_EQ(run_program({.arguments = inspect, .closed = {0, 1, 2}}).code, 1);
    EXPECT_EQ(run_program({.arguments = {"inspect", "nowhere"}, .closed = {0, 2}}).code, 1);
}

TEST(Program, Hazard165_RunsInEveryLocale) {
    for (const char* locale : {"C", "POSIX", "xx_XX.nonsense", ""}) {
        const ProgramEnd end = run_program(
            {.arguments = {"run", "-p", "Zażółć", "-n", "3", "--json"},
             .environment = {{"LC_ALL", locale}, {"LANG", std::nullopt}, {"HOME", std::nullopt}}});
        EXPECT_EQ(end.code, 0) << end.err;
        EXPECT_EQ(end.json()["finish_reason"], "length");
    }
}

// What the machine says about itself is missing there: cores, memory, limits, the program's place.
TEST(Program, Hazard171_RunsWithoutProcAndSys) {
    if (!can_hide_proc()) GTEST_SKIP() << "/proc and /sys cannot be hidden here";
    const std::vector<std::string> question = {
        "run", "--chat", "-p", "Who are you?", "--temp", "0"};
    std::vector<std::string> from_disk = question;
    from_disk.insert(from_disk.end(), {"--set", "host.expert_budget=3MiB"});
    const ProgramEnd usual = run_program(question);
    EXPECT_TRUE(usual.out.starts_with("I am a tiny language model")) << usual.out;
    for (const std::vector<std::string>& arguments : {question, from_disk}) {
        const ProgramEnd end = run_program({.arguments = arguments, .without_proc = true});
        EXPECT_EQ(end.code, 0) << end.err;
        EXPECT_EQ(end.out, usual.out);
    }
    const ProgramEnd inspect =
        run_program({.arguments = {"inspect", "--json"}, .without_proc = true});
    EXPECT_EQ(inspect.out, run_program({"inspect", "--json"}).out) << inspect.err;
    const ProgramEnd bench = run_program(
        {.arguments = {"bench", "-p", "8", "-n", "2", "-r", "1", "--json"}, .without_proc = true});
    EXPECT_EQ(bench.code, 0) << bench.err;
}

}  // namespace
}  // namespace greenroom::tests
