#include "cli/terminal.hpp"

#include <array>
#include <cstdlib>
#include <cwchar>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

namespace greenroom::cli {
namespace {

TEST(TerminalWidth, IsTheWindowsOrNothing) {
    winsize size = {.ws_row = 24, .ws_col = 33, .ws_xpixel = 0, .ws_ypixel = 0};
    int ours = -1, theirs = -1;
    ASSERT_EQ(openpty(&ours, &theirs, nullptr, nullptr, &size), 0);
    EXPECT_TRUE(is_terminal(theirs));
    EXPECT_EQ(terminal_width(theirs), 33);
    close(ours);
    close(theirs);
    const int file = open("/dev/null", O_RDWR);
    EXPECT_FALSE(is_terminal(file));
    EXPECT_EQ(terminal_width(file), 0);
    EXPECT_FALSE(is_terminal(-1));
    close(file);
}

TEST(Terminal, Hazard162_HasNoCursorWithoutTerm) {
    const char* before = std::getenv("TERM");
    const std::string kept = before == nullptr ? "" : before;
    for (const char* term : {"", "dumb"}) {
        setenv("TERM", term, 1);
        EXPECT_FALSE(terminal_has_cursor()) << term;
    }
    unsetenv("TERM");
    EXPECT_FALSE(terminal_has_cursor());
    EXPECT_FALSE(terminal_can_edit());
    setenv("TERM", "xterm", 1);
    EXPECT_TRUE(terminal_has_cursor());
    if (before == nullptr)
        unsetenv("TERM");
    else
        setenv("TERM", kept.c_str(), 1);
}

TEST(UseUtf8, Hazard165_FindsACharacterSetInEveryLocale) {
    setenv("LC_ALL", "xx_XX.nonsense", 1);
    use_utf8();
    unsetenv("LC_ALL");
    wchar_t c = 0;
    std::mbstate_t state = {};
    EXPECT_EQ(std::mbrtowc(&c, "ż", 2, &state), 2u);
    EXPECT_EQ(c, L'ż');
}

}  // namespace
}  // namespace greenroom::cli
