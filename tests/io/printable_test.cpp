#include <gtest/gtest.h>

#include "io/file.hpp"

namespace greenroom::io {
namespace {

TEST(Printable, KeepsText) {
    EXPECT_EQ(printable("blk.0 \u00fc\u20ac\U0001F600"), "blk.0 \u00fc\u20ac\U0001F600");
}

TEST(Printable, ShowsWhatSteersATerminalOrTheDirectionOfText) {
    EXPECT_EQ(printable("\x1b[31m\n\r\t\x7f"), "\\x1b[31m\\x0a\\x0d\\x09\\x7f");
    EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(printable("a\u202eb\u200b\u009b"), "a\\u202eb\\u200b\\u009b");
    EXPECT_EQ(printable("a\xFF\xC3"), "a\\xff\\xc3");
}

TEST(Printable, CutsBetweenCharacters) {
    EXPECT_EQ(printable("abcdef", 6), "abcdef");
    EXPECT_EQ(printable("abcdef", 5), "abcde…");
    EXPECT_EQ(printable("ab\u20accd", 4), "ab…");
    EXPECT_EQ(printable("ab\x1b", 4), "ab…");
}

TEST(Printable, KeepsPathsWhole) {
    const std::string path = "/" + std::string(1000, 'a') + "\x1b";
    EXPECT_EQ(printable_path(path), "/" + std::string(1000, 'a') + "\\x1b");
}

}  // namespace
}  // namespace greenroom::io
