#include "cli/edited_lines.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/pty.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

// The editor needs a terminal of its own, so it is driven through the chat; what reaches the model
// is what the conversation then holds.
std::vector<std::string> questions_after(const std::vector<std::string>& keys) {
    const TemporaryFolder home;
    const auto file = home.path() / "talk.json";
    Pty pty({.arguments = {"chat", "-n", "1", "-q"},
             .environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", std::nullopt}}});
    for (const std::string& line : keys) {
        pty.wait_for("> ");
        pty.type(line);
        pty.type(kEnter);
        pty.wait_for("\n");
    }
    pty.wait_for("> ");
    pty.type("/save " + file.string() + "\r");
    pty.wait_for("saved in");
    std::vector<std::string> out;
    const io::Json saved = io::Json::parse(slurp(file), nullptr, false);
    for (const io::Json& turn : saved.value("turns", io::Json::array())) {
        out.push_back(turn["user"]);
    }
    return out;
}

using Texts = std::vector<std::string>;

TEST(EditedLines, MoveAndCorrect) {
    EXPECT_EQ(questions_after({"wrold\x1b[D\x1b[D\x1b[D\x14"}), Texts{"world"});  // Ctrl-T swaps
    EXPECT_EQ(questions_after({"two\x01one \x05 three"}), Texts{"one two three"});
    EXPECT_EQ(questions_after({"one two\x1b[1;5Dand "}), Texts{"one and two"});
    EXPECT_EQ(questions_after({"gone\x15kept"}), Texts{"kept"});
}

TEST(EditedLines, BringBackWhatWasTyped) {
    EXPECT_EQ(questions_after({"first", "second", "\x1b[A\x1b[A again"}),
              (Texts{"first", "second", "first again"}));
}

TEST(EditedLines, KeepEveryCharacterOfEveryScript) {
    EXPECT_EQ(questions_after({"Zażółć 日本語 👩‍💻"}),
              Texts{"Zażółć 日本語 👩‍💻"});
}

TEST(EditedLines, BreakLinesWithAltEnterAndInPastes) {
    EXPECT_EQ(questions_after({"one\x1b\rtwo"}), Texts{"one\ntwo"});
    EXPECT_EQ(questions_after({"a \x1b[200~x\r\ny\rz\n\x07\x1b[31m\r\x1b[201~ b"}),
              Texts{"a x\ny\nz\n[31m b"});
}

// The editor reads its history while the terminal still collects lines by itself, as it does while
// the model is loaded; a pipe that nobody writes to yet keeps it there.
TEST(EditedLines, TakeWhatWasTypedBeforeThePrompt) {
    const TemporaryFolder home;
    const auto history = home.path() / ".local/state/greenroom/history";
    std::filesystem::create_directories(history.parent_path());
    ASSERT_EQ(mkfifo(history.c_str(), 0600), 0);
    Pty pty({.arguments = {"chat", "-q"},
             .environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", std::nullopt}}});
    int writer = -1;
    for (int tries = 0; writer < 0 && tries < 60'000; ++tries) {
        usleep(1000);
        writer = open(history.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    }
    ASSERT_GE(writer, 0) << "the editor did not start";
    pty.type("/show\r");
    pty.type(kCtrlD);
    pty.wait_for("/show");  // by the terminal
    close(writer);
    EXPECT_EQ(pty.wait_end().code, 0);
    EXPECT_NE(pty.screen().text().find("turns     0"), std::string::npos) << pty.screen().text();
}

TEST(EditedLines, Hazard162_BytesThatAreNoTextBecomeReplacementCharacters) {
    EXPECT_EQ(questions_after({"a\xff\xc3(b"}), Texts{"a\uFFFD\uFFFD(b"});
}

}  // namespace
}  // namespace greenroom::tests
