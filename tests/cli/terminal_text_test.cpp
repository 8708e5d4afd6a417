#include "cli/terminal_text.hpp"

#include <gtest/gtest.h>
#include <random>
#include <sstream>

namespace greenroom::cli {
namespace {

// The text in pieces of `n` bytes (ASCII only), as a stream would bring it.
std::string wrapped(std::string_view text, int width, std::size_t n = 1) {
    WordWrap wrap;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += n) out += wrap.push(text.substr(i, n), width);
    return out + wrap.flush(width);
}

TEST(Neutralise, LeavesTextAlone) {
    const std::string text = "Zażółć\tgęślą\n👩‍💻 日本 \"quoted\" \\x1b";
    EXPECT_EQ(neutralise(text), text);
}

TEST(Neutralise, Hazard164_ShowsWhatWouldSteerTheTerminal) {
    EXPECT_EQ(neutralise("\x1b[2J"), "\\x1b[2J");
    EXPECT_EQ(neutralise("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
    EXPECT_EQ(neutralise("\x1b]52;c;aGk=\x1b\\"), "\\x1b]52;c;aGk=\\x1b\\");
    EXPECT_EQ(neutralise("a\rb\bc\x7f"), "a\\x0db\\x08c\\x7f");
    EXPECT_EQ(neutralise("\u009b31m"), "\\u009b31m");  // one-character CSI
    EXPECT_EQ(neutralise("\u202egnp.exe"), "\\u202egnp.exe");
    EXPECT_EQ(neutralise("\u2066x\u2069"), "\\u2066x\\u2069");
    EXPECT_EQ(neutralise(std::string_view("\0", 1)), "\\x00");
}

TEST(Neutralise, Hazard164_BytesThatAreNoTextBecomeReplacementCharacters) {
    EXPECT_EQ(neutralise("\x9b"
                         "31m"),
              "\uFFFD"
              "31m");
    EXPECT_EQ(neutralise("\xc0\x9b"), "\uFFFD\uFFFD");
}

TEST(WordWrap, BreaksBetweenWords) {
    EXPECT_EQ(wrapped("the quick brown fox jumps", 10), "the quick\nbrown fox\njumps");
    EXPECT_EQ(wrapped("exactly ten", 11), "exactly ten");
    EXPECT_EQ(wrapped("exactly ten", 10), "exactly\nten");
}

TEST(WordWrap, KeepsLineBreaksAndIndentation) {
    EXPECT_EQ(wrapped("a\n\n    code  here\n", 20), "a\n\n    code  here\n");
    EXPECT_EQ(wrapped("end \nnext", 20), "end \nnext");
    EXPECT_EQ(wrapped("ends with spaces  ", 40), "ends with spaces  ");
}

TEST(WordWrap, LeavesLongWordsToTheTerminal) {
    // The address takes three rows and one column of the fourth.
    EXPECT_EQ(wrapped("see https://example.org/a/long/path now after", 10),
              "see\nhttps://example.org/a/long/path now\nafter");
}

TEST(WordWrap, BreaksTextOfWideCharactersNowhereItself) {
    EXPECT_EQ(wrapped("日本語日本語日本語", 8, 3), "日本語日本語日本語");
    // Five wide characters take ten columns.
    EXPECT_EQ(wrapped("日本語日本 ab", 12, 3), "日本語日本\nab");
}

TEST(WordWrap, CountsCombiningCharactersAsNothing) {
    EXPECT_EQ(wrapped("e\u0301e\u0301e\u0301 abcdef", 10, 100), "e\u0301e\u0301e\u0301 abcdef");
}

TEST(WordWrap, HoldsBackOnlyTheWordThatHasNotEnded) {
    WordWrap wrap;
    EXPECT_EQ(wrap.push("one tw", 40), "one");
    EXPECT_EQ(wrap.push("o ", 40), " two");
    EXPECT_EQ(wrap.flush(40), " ");
}

TEST(WordWrap, Hazard162_PassesTextThroughInWindowsWithoutRoom) {
    const std::string text = "some words and more words";
    for (const int width : {0, 1, 2, 7, -1}) EXPECT_EQ(wrapped(text, width), text) << width;
}

TEST(WordWrap, Hazard162_FollowsAWindowThatChanges) {
    WordWrap wrap;
    std::string out = wrap.push("aaaa bbbb ", 80);
    out += wrap.push("cccc dddd ", 8);
    out += wrap.push("eeee", 0);
    EXPECT_EQ(out + wrap.flush(0), "aaaa bbbb\ncccc\ndddd eeee");
}

// Whatever the pieces and the width: only blanks are ever exchanged, and no line is wider than the
// window.
TEST(WordWrap, NeverChangesTheWords) {
    const std::uint32_t seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::uint32_t i = 0; i < 60; ++i) {
            text += i % 7 == 0 ? ' ' : "ab  c\n"[random() % 6];  // words of at most six letters
        }
        const int width = 8 + static_cast<int>(random() % 10);
        const std::string out = wrapped(text, width, 1 + random() % 5);
        std::string words, kept;
        std::copy_if(text.begin(), text.end(), std::back_inserter(words), isalpha);
        std::copy_if(out.begin(), out.end(), std::back_inserter(kept), isalpha);
        EXPECT_EQ(words, kept);
        std::istringstream lines(out);
        for (std::string line; std::getline(lines, line);) {
            const std::size_t end = line.find_last_not_of(' ') + 1;
            if (line.starts_with(' ')) continue;  // an indentation may fill the line by itself
            EXPECT_LE(end, static_cast<std::size_t>(width)) << out;
        }
    }
}

}  // namespace
}  // namespace greenroom::cli
