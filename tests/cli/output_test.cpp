#include <gtest/gtest.h>

#include "tests/support/program.hpp"

namespace greenroom::tests {
namespace {

// Where writing fails, the program says so once and fails.
TEST(Output, Hazard163_AFullDiskIsAnError) {
    for (std::vector<std::string> arguments : std::vector<std::vector<std::string>>{
             {"inspect"}, {"inspect", "--tensors"}, {"tokenize", "-p", "x"}, {"--help"}}) {
        const ProgramEnd end = run_program({.arguments = arguments, .output = "/dev/full"});
        EXPECT_EQ(end.code, 1);
        EXPECT_EQ(end.err, "greenroom: stdout: No space left on device\n") << arguments[0];
    }
}

TEST(Output, Hazard163_ThatFillsInTheMiddleOfAReplyIsAnError) {
    const ProgramEnd run =
        run_program({.arguments = {"run", "-p", "Hello", "--ignore-eos"}, .output = "/dev/full"});
    EXPECT_EQ(run.code, 1);
    EXPECT_EQ(run.err, "greenroom: stdout: No space left on device\n");
    const ProgramEnd chat =
        run_program({.arguments = {"chat"}, .input = "Hello\nHello\n", .output = "/dev/full"});
    EXPECT_EQ(chat.code, 1);
    EXPECT_EQ(chat.err, "greenroom: stdout: No space left on device\n");
}

TEST(Output, Hazard162_ThatIsClosedIsAnError) {
    const ProgramEnd end = run_program({.arguments = {"inspect"}, .closed = {1}});
    EXPECT_EQ(end.code, 1);
    EXPECT_TRUE(end.err.starts_with("greenroom: stdout: ")) << end.err;
}

// Where SIGPIPE is ignored, as under some schedulers, a reader who leaves is no error either.
TEST(Output, Hazard162_AReaderWhoLeavesIsNoErrorWithoutSigpipe) {
    const std::string call =
        "trap '' PIPE; yes '{\"text\":\"hello\"}' 2>/dev/null | head -20000 2>/dev/null | "
        "{ \"$0\" tokenize --jsonl; echo $? >&2; } | head -1";
    const ProgramEnd end =
        run_program({.arguments = {"-c", call, program_path()}, .program = "/bin/bash"});
    EXPECT_TRUE(end.out.starts_with("{\"ids\":")) << end.out;
    EXPECT_EQ(end.err, "0\n");
}

}  // namespace
}  // namespace greenroom::tests
