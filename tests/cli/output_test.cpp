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

}  // namespace
}  // namespace greenroom::tests
