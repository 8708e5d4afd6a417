#include <csignal>
#include <gtest/gtest.h>

#include "tests/support/pty.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

// A chat at a terminal, with a home of its own and the likeliest token always.
struct TerminalChat {
    TemporaryFolder home;
    Pty pty;

    explicit TerminalChat(std::vector<std::string> flags = {}, const Window& window = {})
        : pty(call(std::move(flags)), window) {}

    ProgramCall call(std::vector<std::string> flags) const {
        flags.insert(flags.begin(), {"chat", "--temp", "0"});
        return {.arguments = std::move(flags),
                .environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", std::nullopt}}};
    }
    void say(std::string_view line) {
        pty.type(line);
        pty.type(kEnter);
    }
    // Waits for the prompt behind what was written last.
    void wait_for_prompt() { pty.wait_for("\n> "); }
    void leave() {
        pty.type(kCtrlD);
        const ProgramEnd end = pty.wait_end();
        EXPECT_EQ(end.code, 0) << end.out;
    }
    std::string screen() const { return pty.screen().text(); }
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// A prompt on a line of its own, as the editor draws it.
constexpr std::string_view kPrompt = "> ";

ProgramEnd piped(std::string input, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"chat", "--temp", "0"});
    return run_program(ProgramCall{.arguments = std::move(flags), .input = std::move(input)});
}

TEST(Chat, AnswersAPipedPromptAndEnds) {
    const ProgramEnd end = piped("Who are you?\n");
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.err, "");
    EXPECT_TRUE(end.out.starts_with("I am a tiny language model")) << end.out;
    EXPECT_TRUE(end.out.ends_with("Mixtral.\n")) << end.out;
    EXPECT_EQ(std::count(end.out.begin(), end.out.end(), '\n'), 1);
}

TEST(Chat, RemembersWhatWasSaidLineByLine) {
    const ProgramEnd end = piped("My name is Tobi.\nWhat is my name?\n");
    EXPECT_EQ(end.code, 0);
    EXPECT_TRUE(contains(end.out, "Your name is Tobi.")) << end.out;
}

TEST(Chat, HoldsAConversationAtATerminal) {
    TerminalChat chat({"--stats"});
    chat.pty.wait_for("/help lists commands");
    chat.pty.wait_for(kPrompt);
    chat.say("My name is Tobi.");
    chat.pty.wait_for("Nice to meet you, Tobi!");
    chat.pty.wait_for("tokens/s");
    chat.pty.wait_for(kPrompt);
    chat.say("What is my name?");
    chat.pty.wait_for("Your name is Tobi.");
    chat.pty.wait_for("kept");
    chat.pty.wait_for(kPrompt);
    EXPECT_EQ(chat.pty.screen().unknown_controls(), 0) << chat.screen();
    chat.leave();
}

TEST(Chat, StatsAreATableThatFitsTheTerminal) {
    TerminalChat chat({"--set",
                       "device.kind=emulated",
                       "--set",
                       "device.expert_budget=3MiB",
                       "--set",
                       "host.expert_budget=8MiB",
                       "--set",
                       "miss.path=split"});
    chat.pty.wait_for(kPrompt);
    chat.say("Who are you?");
    chat.pty.wait_for("Mixtral.");
    chat.pty.wait_for(kPrompt);
    chat.say("/stats");
    chat.pty.wait_for("hold");
    chat.pty.wait_for(kPrompt);
    const std::string screen = chat.screen();
    for (const char* row :
         {"\ntoken    half within ",
          "\ntier     experts hit              of bytes   used of budget           evicted\n",
          "\ndevice   ",
          "\nhost     ",
          "\ndisk     ",
          "\nlink     ",
          "\nwaiting  ",
          "\nslots    "}) {
        EXPECT_TRUE(contains(screen, row)) << row << screen;
    }
    chat.leave();
}

TEST(Chat, ShowsWhatIsTyped) {
    TerminalChat chat;
    chat.pty.wait_for(kPrompt);
    chat.pty.type("Who are yuo\b\bou?");
    chat.pty.wait_for("ou?");
    EXPECT_TRUE(contains(chat.screen(), "> Who are you?\n")) << chat.screen();
    chat.pty.type(kEnter);
    chat.pty.wait_for("tiny language model");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, TakesAPasteAsOneMessage) {
    TerminalChat chat({"-n", "1"});
    chat.pty.wait_for(kPrompt);
    chat.pty.paste("one line\nanother line\n\n/exit\n");
    chat.pty.wait_for("/exit");
    EXPECT_TRUE(contains(chat.screen(), "> one line\nanother line\n\n/exit\n")) << chat.screen();
    chat.pty.type(kEnter);
    chat.pty.wait_for(kPrompt);
    chat.say("/show");
    chat.pty.wait_for("turns     1");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, QuotesBeginAndEndAMessageOfSeveralLines) {
    TerminalChat chat({"-n", "1"});
    chat.pty.wait_for(kPrompt);
    chat.say("\"\"\"What is");
    chat.pty.wait_for("... ");
    chat.say("7 + 8?\"\"\"");
    chat.pty.wait_for(kPrompt);
    chat.say("/show");
    chat.pty.wait_for("turns     1");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, TakesKeysTypedDuringAReplyAtThePrompt) {
    TerminalChat chat({"--ignore-eos", "-n", "300"});
    chat.pty.wait_for(kPrompt);
    chat.say("My name is Tobi.");
    chat.pty.wait_for("Nice to meet you");
    chat.say("/show");
    chat.pty.type(kCtrlD);
    EXPECT_EQ(chat.pty.wait_end().code, 0);
    EXPECT_TRUE(contains(chat.screen(), "\n\n> /show\nmodel ")) << chat.screen();
    EXPECT_TRUE(contains(chat.screen(), "turns     1")) << chat.screen();
}

TEST(Chat, GivesTheTerminalBackAsItWas) {
    TerminalChat chat({"-n", "1"});
    chat.pty.wait_for(kPrompt);
    EXPECT_EQ(chat.pty.modes().c_lflag & (ICANON | ECHO), 0u);
    chat.say("Hello");
    chat.pty.wait_for(kPrompt);
    chat.leave();
    EXPECT_EQ(chat.pty.modes().c_lflag & (ICANON | ECHO), tcflag_t{ICANON | ECHO});
    EXPECT_NE(chat.pty.modes().c_iflag & ICRNL, 0u);
    EXPECT_TRUE(chat.pty.written().ends_with("\x1b[?2004l\r\n")) << chat.screen();
}

TEST(Chat, KeepsItsHistoryForTheNextOne) {
    const TemporaryFolder home;
    const ProgramCall call = {
        .arguments = {"chat", "--temp", "0", "-n", "1"},
        .environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", std::nullopt}}};
    {
        Pty pty(call);
        pty.wait_for(kPrompt);
        pty.type("a memorable line\r");
        pty.wait_for("\n");
        pty.wait_for(kPrompt);
        pty.type(kCtrlD);
        EXPECT_EQ(pty.wait_end().code, 0);
    }
    Pty pty(call);
    pty.wait_for(kPrompt);
    pty.type(kUp);
    pty.wait_for("a memorable line");
    pty.type(kCtrlC);
    pty.wait_for(kPrompt);
    pty.type(kCtrlD);
    EXPECT_EQ(pty.wait_end().code, 0);
}

TEST(Chat, Hazard162_CtrlCStopsTheReplyAndKeepsTheConversation) {
    TerminalChat chat({"--ignore-eos", "-c", "4000", "--context-overflow", "shift"});
    chat.pty.wait_for(kPrompt);
    chat.say("My name is Tobi.");
    chat.pty.wait_for("Nice to meet you");
    chat.pty.type(kCtrlC);
    chat.pty.wait_for(kPrompt);
    chat.say("/show");
    chat.pty.wait_for("turns     1");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, Hazard162_CtrlCAtThePromptClearsTheLineAndTwiceLeaves) {
    TerminalChat chat;
    chat.pty.wait_for(kPrompt);
    for (int i = 0; i < 3; ++i) {
        chat.pty.type("never sent");
        chat.pty.wait_for("sent");
        chat.pty.type(kCtrlC);
        chat.pty.wait_for(kPrompt);
    }
    chat.pty.type(kCtrlC);
    chat.pty.wait_for("Ctrl-C again or Ctrl-D leaves");
    chat.pty.wait_for(kPrompt);
    chat.pty.type(kCtrlC);
    EXPECT_EQ(chat.pty.wait_end().code, 0);
}

TEST(Chat, Hazard162_CtrlCDropsAnUnfinishedQuote) {
    TerminalChat chat;
    chat.pty.wait_for(kPrompt);
    chat.say("\"\"\"unfinished");
    chat.pty.wait_for("... ");
    chat.pty.type(kCtrlC);
    chat.pty.wait_for(kPrompt);
    chat.say("/show");
    chat.pty.wait_for("turns     0");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, Hazard162_BreaksRepliesBetweenWordsInANarrowWindow) {
    TerminalChat chat({}, {.columns = 20, .rows = 60});
    chat.pty.wait_for(kPrompt);
    chat.say("Who are you?");
    chat.pty.wait_for("Mixtral.");
    chat.pty.wait_for(kPrompt);
    EXPECT_TRUE(contains(chat.screen(),
                         "> Who are you?\n"
                         "I am a tiny language\n"
                         "model that comes\n"
                         "with Greenroom. I am\n"
                         "a mixture of\n"
                         "experts: eight\n"))
        << chat.screen();
    chat.leave();
}

TEST(Chat, Hazard162_WorksInAWindowWithoutWidth) {
    for (const int columns : {0, 1, 2}) {
        TerminalChat chat({}, {.columns = columns});
        chat.pty.wait_for(kPrompt.substr(0, 1));
        chat.say("Who are you?");
        chat.pty.wait_for("tiny language model");
        chat.pty.wait_for("\x1b[?2004h");  // the editor is ready again
        chat.pty.type(kCtrlD);
        EXPECT_EQ(chat.pty.wait_end().code, 0) << columns;
    }
}

TEST(Chat, Hazard162_FollowsAWindowThatIsResized) {
    TerminalChat chat({}, {.columns = 80});
    chat.pty.wait_for(kPrompt);
    chat.pty.type("Who are");
    chat.pty.wait_for("are");
    chat.pty.resize(20);
    chat.pty.wait_for("> Who are");  // drawn again
    chat.say(" you?");
    chat.pty.wait_for("I am a tiny language\r\nmodel that comes\r\n");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, Hazard162_WorksWithoutATermOrWithADumbOne) {
    for (const std::optional<std::string>& term :
         {std::optional<std::string>(),
          std::optional<std::string>("dumb"),
          std::optional<std::string>(""),
          std::optional<std::string>("no-such-terminal")}) {
        TerminalChat chat({}, {.term = term});
        chat.pty.wait_for(kPrompt);
        chat.say("Who are you?");
        chat.pty.wait_for("tiny language model");
        chat.pty.wait_for(kPrompt);
        chat.pty.type("never sent");
        chat.pty.wait_for("never sent");
        chat.pty.type(kCtrlC);
        chat.pty.wait_for(kPrompt);
        chat.leave();
        EXPECT_TRUE(contains(chat.screen(), "> never sent^C\n") ||
                    contains(chat.screen(), "> never sent\n"))
            << chat.screen();
        EXPECT_TRUE(chat.pty.written().ends_with("\r\n")) << chat.screen();
    }
}

TEST(Chat, Hazard162_GoesOnAfterCtrlZ) {
    TerminalChat chat;
    chat.pty.wait_for(kPrompt);
    chat.pty.type("Who are");
    chat.pty.wait_for("are");
    chat.pty.send(SIGTSTP);
    chat.pty.send(SIGCONT);
    chat.pty.wait_for("> Who are");
    chat.say(" you?");
    chat.pty.wait_for("tiny language model");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, Hazard162_ShowsOnePromptAfterCtrlZDuringAReply) {
    TerminalChat chat({"--ignore-eos", "-n", "300"});
    chat.pty.wait_for(kPrompt);
    chat.say("My name is Tobi.");
    chat.pty.wait_for("Nice to meet you");
    chat.pty.send(SIGTSTP);
    chat.pty.send(SIGCONT);
    chat.say("/show");
    chat.pty.wait_for("turns     1");
    chat.leave();
    EXPECT_FALSE(contains(chat.screen(), "> >")) << chat.screen();
    EXPECT_TRUE(contains(chat.screen(), "\n\n> /show\n")) << chat.screen();
}

TEST(Chat, Hazard162_TakesAHugePaste) {
    TerminalChat chat({"-c", "64"});
    chat.pty.wait_for(kPrompt);
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "words and more words\n";
    chat.pty.paste(text);
    chat.pty.type(kEnter);
    chat.pty.wait_for("the question was not kept");
    chat.pty.wait_for(kPrompt);
    chat.leave();
}

TEST(Chat, Hazard162_TakesBinaryInput) {
    std::string bytes;
    for (int b = 0; b < 256; ++b) bytes += static_cast<char>(b);
    EXPECT_EQ(piped(bytes + "\nWho are you?\n", {"-n", "3", "-c", "2000"}).code, 0);
}

TEST(Chat, Hazard162_EndsQuietlyWithoutInput) {
    for (const std::vector<int>& closed : {std::vector<int>{}, std::vector<int>{0}}) {
        const ProgramEnd end = run_program({.arguments = {"chat"}, .closed = closed});
        EXPECT_EQ(end.code, 0);
        EXPECT_EQ(end.out + end.err, "");
    }
}

TEST(Chat, Hazard165_NeedsNoHome) {
    const TemporaryFolder folder;
    const std::string file = folder.write("file", "").string();
    for (const std::optional<std::string>& home : {std::optional<std::string>(),
                                                   std::optional<std::string>(file),
                                                   std::optional<std::string>("/proc")}) {
        Pty pty({.arguments = {"chat", "-n", "1"},
                 .environment = {{"HOME", home}, {"XDG_STATE_HOME", std::nullopt}}});
        pty.wait_for(kPrompt);
        pty.type("Hello\r");
        pty.wait_for("\n");
        pty.wait_for(kPrompt);
        pty.type(kCtrlD);
        EXPECT_EQ(pty.wait_end().code, 0);
    }
}

// The history file is put in place as a whole; what a crash left behind beside it does no harm.
TEST(Chat, Hazard170_AnUnfinishedHistoryFileDoesNoHarm) {
    const TemporaryFolder home;
    const auto folder = home.path() / ".local/state/greenroom";
    std::filesystem::create_directories(folder);
    home.write(".local/state/greenroom/history", "_HiStOrY_V2_\nkept\\040line\n");
    home.write(".local/state/greenroom/history.new", "\x01\x02 half of a fi");
    Pty pty({.arguments = {"chat", "-n", "1"},
             .environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", std::nullopt}}});
    pty.wait_for(kPrompt);
    pty.type(kUp);
    pty.wait_for("kept line");
    pty.type(kEnter);
    pty.wait_for("\n");
    pty.wait_for(kPrompt);
    pty.type(kCtrlD);
    EXPECT_EQ(pty.wait_end().code, 0);
    EXPECT_TRUE(contains(slurp(folder / "history"), "kept\\040line"));
    EXPECT_FALSE(std::filesystem::exists(folder / "history.new"));
}

TEST(Chat, FailsForAModelThatIsNotThere) {
    const ProgramEnd end = piped("Hi\n", {"-m", "no/such.gguf"});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.err, "greenroom chat: no/such.gguf: cannot open: No such file or directory\n");
}

TEST(Chat, GoesOnWithASavedConversation) {
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "talk.json").string();
    EXPECT_EQ(piped("My name is Tobi.\n/save " + file + "\n").code, 0);
    const ProgramEnd end = piped("What is my name?\n", {"--load", file, "--load", "mmap"});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_TRUE(contains(end.out, "Your name is Tobi.")) << end.out;
    const ProgramEnd missing = piped("Hi\n", {"--load", "no/such.json"});
    EXPECT_EQ(missing.code, 1);
    EXPECT_TRUE(contains(missing.err, "no/such.json")) << missing.err;
}

TEST(Chat, SaysSoWhenTheContextIsFull) {
    const ProgramEnd end = piped("Tell me a story about a fox and a lighthouse.\n", {"-c", "64"});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_TRUE(contains(end.err, "context of 64 positions is full")) << end.err;
    const ProgramEnd shift = piped("Tell me a story.\nTell me a story.\nTell me a story.\n",
                                   {"-c", "256", "--context-overflow", "shift"});
    EXPECT_EQ(shift.code, 0) << shift.err;
}

}  // namespace
}  // namespace greenroom::tests
