#include "cli/reply_printer.hpp"

#include <cstdio>
#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

std::string printed(std::initializer_list<const char*> pieces) {
    testing::internal::CaptureStdout();  // not a terminal
    ReplyPrinter printer;
    for (const char* piece : pieces) printer.print(piece);
    printer.finish();
    return testing::internal::GetCapturedStdout();
}

TEST(ReplyPrinter, LeavesBytesAloneForAFile) {
    EXPECT_EQ(printed({"a \x1b[31mred", " word\n\n"}), "a \x1b[31mred word\n\n");
}

TEST(ReplyPrinter, EndsWithALineBreak) {
    EXPECT_EQ(printed({"one", " two"}), "one two\n");
    EXPECT_EQ(printed({"one\n"}), "one\n");
    EXPECT_EQ(printed({}), "");
}

}  // namespace
}  // namespace greenroom::cli
