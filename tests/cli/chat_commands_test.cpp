#include "cli/chat_commands.hpp"

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

// One chat with the demo model that nobody types at.
struct Fixture {
    Signals signals;
    runtime::Settings settings = demo_settings();
    runtime::Engine engine = std::move(*runtime::load_engine(settings));
    ChatState state{engine, signals, settings, std::move(*runtime::Chat::start(engine, settings))};

    static runtime::Settings demo_settings() {
        runtime::Settings out;
        out.model.path = tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf").string();
        out.sampling.temperature = 0;
        out.chat.predict = 8;
        return out;
    }
    std::string said(std::string_view line) {
        const auto answer = obey(state, line);
        return answer ? *answer : "error: " + answer.error().message;
    }
};

TEST(Obey, NamesTheNearestOfUnknownCommands) {
    Fixture f;
    EXPECT_EQ(f.said("/hlep"), "error: no command /hlep; did you mean /help?");
    EXPECT_EQ(f.said("/regne"), "error: no command /regne; did you mean /regen?");
    EXPECT_EQ(f.said("/frobnicate"), "error: no command /frobnicate; /help lists them");
    EXPECT_EQ(f.said("/\x1b[2J"), "error: no command /\\x1b[2J; /help lists them");
}

TEST(Obey, LeavesForBothWords) {
    for (const char* word : {"/exit", "/bye"}) {
        Fixture f;
        EXPECT_EQ(f.said(word), "");
        EXPECT_TRUE(f.state.leaving);
    }
}

TEST(Obey, ChangesSettingsByShortAndLongNames) {
    Fixture f;
    EXPECT_EQ(f.said("/set temperature 0.3"), "sampling.temperature = 0.3");
    EXPECT_EQ(f.state.chat.sampling().temperature, 0.3);
    EXPECT_EQ(f.said("/set sampling.top_k=5"), "sampling.top_k = 5");
    EXPECT_EQ(f.said("/set top_p = 0.5"), "sampling.top_p = 0.5");
    EXPECT_EQ(f.said("/set seed 3"), "sampling.seed = 3");
    EXPECT_EQ(f.state.chat.sampling().top_k, 5);
    EXPECT_EQ(f.state.chat.sampling().top_p, 0.5);
    EXPECT_NE(f.said("/set").find("sampling.top_k               5"), std::string::npos);
}

TEST(Obey, Hazard161_RefusesSettingsThatMakeNoSense) {
    Fixture f;
    EXPECT_EQ(f.said("/set temp 3"),
              "error: no setting \"temp\"; did you mean sampling.temperature?");
    EXPECT_EQ(f.said("/set temperature hot").substr(0, 28), "error: sampling.temperature:");
    EXPECT_EQ(f.said("/set temperature"), "error: expected a setting and its value");
    EXPECT_EQ(f.said("/set model.context 9"),
              "error: model.context is fixed once the model is loaded");
    EXPECT_EQ(f.said("/set host.expert_budget 1GiB"),
              "error: host.expert_budget is fixed once the model is loaded");
}

TEST(Obey, SetsTheSystemPrompt) {
    Fixture f;
    EXPECT_EQ(f.said("/system Be brief."), "system prompt set");
    EXPECT_EQ(f.state.chat.conversation().system, "Be brief.");
    EXPECT_EQ(f.said("/system"), "no system prompt from now on");
    EXPECT_EQ(f.said("/set system Be kind."), "system prompt set");
    EXPECT_EQ(f.state.chat.conversation().system, "Be kind.");
}

TEST(Obey, SavesAndLoadsAConversation) {
    const tests::TemporaryFolder folder;
    const std::string file = (folder.path() / "a talk.json").string();
    Fixture f;
    ASSERT_TRUE(f.state.chat.say("Hello!"));
    const runtime::Conversation before = f.state.chat.conversation();
    EXPECT_EQ(f.said("/save " + file), "saved in " + file);
    EXPECT_EQ(f.said("/clear"), "the conversation is empty again");
    EXPECT_TRUE(f.state.chat.conversation().turns.empty());
    EXPECT_EQ(f.said("/load " + file), "1 turns loaded");
    EXPECT_EQ(f.state.chat.conversation(), before);
}

TEST(Obey, Hazard166_KeepsTheConversationWhenAFileIsDamaged) {
    const tests::TemporaryFolder folder;
    Fixture f;
    ASSERT_TRUE(f.state.chat.say("Hello!"));
    const runtime::Conversation before = f.state.chat.conversation();
    const std::string damaged = folder.write("damaged", "{\"turns\": [").string();
    for (const std::string& line : {"/load " + damaged,
                                    "/load " + (folder.path() / "absent").string(),
                                    std::string("/load"),
                                    std::string("/save"),
                                    "/save " + (folder.path() / "no/such/folder").string()}) {
        EXPECT_TRUE(f.said(line).starts_with("error: ")) << line;
        EXPECT_EQ(f.state.chat.conversation(), before);
    }
}

TEST(Obey, TellsOfSpeedsAndOfItself) {
    Fixture f;
    EXPECT_EQ(f.said("/stats"), "no reply yet");
    EXPECT_EQ(f.said("/stats on"), "a line of speeds after each reply: on");
    EXPECT_TRUE(f.state.settings.chat.stats);
    EXPECT_EQ(f.said("/stats maybe"), "error: expected on, off or nothing");
    f.state.last_reply.emplace().timings.prompt_n = 3;
    EXPECT_EQ(f.said("/stats"), "prompt 3 tokens · reply 0 tokens");
    EXPECT_NE(f.said("/show").find("Greenroom demo"), std::string::npos);
    EXPECT_EQ(f.said("/help"), chat_help());
}

TEST(Obey, AnswersAgain) {
    Fixture f;
    EXPECT_EQ(f.said("/regen"), "error: nothing has been asked yet");
    const tests::ProgramEnd end = tests::run_program(
        {.arguments = {"chat", "--temp", "0", "-n", "5"}, .input = "Who are you?\n/regen\n"});
    EXPECT_EQ(end.code, 0) << end.err;
    const std::string once = end.out.substr(0, end.out.size() / 2);
    EXPECT_EQ(end.out, once + once);
}

TEST(ChatHelp, NamesEveryCommandOfTheContract) {
    const std::string help = chat_help();
    for (const char* name : {"/help",
                             "/exit",
                             "/bye",
                             "/clear",
                             "/regen",
                             "/system",
                             "/set",
                             "/show",
                             "/save",
                             "/load",
                             "/stats"}) {
        EXPECT_NE(help.find(name), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace greenroom::cli
