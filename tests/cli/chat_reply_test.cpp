#include "cli/chat_reply.hpp"

#include <gtest/gtest.h>

#include "tests/support/program.hpp"

namespace greenroom::cli {
namespace {

using tests::ProgramEnd;
using tests::run_program;

TEST(Ask, PutsRepliesOnStandardOutputAndTheRestBesideIt) {
    const ProgramEnd end = run_program({.arguments = {"chat", "--temp", "0", "--stats", "-n", "4"},
                                        .input = "Who are you?\n/show\n"});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.out, "I am a tiny\n");
    EXPECT_NE(end.err.find("[prompt 11 at "), std::string::npos) << end.err;
    EXPECT_NE(end.err.find("turns     1"), std::string::npos) << end.err;
}

TEST(Ask, ReadsOnlyWhatIsNew) {
    const ProgramEnd end = run_program(
        {.arguments = {"chat", "--temp", "0", "--stats"}, .input = "Hello!\nWho are you?\n"});
    EXPECT_EQ(end.code, 0);
    EXPECT_NE(end.err.find(" kept) at "), std::string::npos) << end.err;
}

TEST(Ask, EndsTheProgramWhereNobodyCanReadTheError) {
    const ProgramEnd end =
        run_program({.arguments = {"chat", "-c", "8"}, .input = "A question too long\nagain\n"});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
}

TEST(Tell, BreaksNoLinesWhereNobodyLooks) {
    testing::internal::CaptureStderr();
    tell(std::string(200, 'a') + " b");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), std::string(200, 'a') + " b\n");
}

}  // namespace
}  // namespace greenroom::cli
