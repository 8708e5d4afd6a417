#include "runtime/generate/conversation.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

const ModelIdentity kModel = {"tiny", 21'000'000, 2048};

Conversation two_turns() {
    return {"Be kind.", {{"Hi", "Hello!"}, {"\"quoted\"\n\tünï 🦊", "so\\be it"}}};
}

class ConversationFile : public ::testing::Test {
 protected:
    std::string error_of(std::string_view text, const ModelIdentity& model = kModel) {
        const auto read = load_conversation(folder_.write("c.json", text), model);
        return read ? "loaded" : read.error().message;
    }
    bool refuses(std::string_view text, std::string_view words) {
        return error_of(text).find(words) != std::string::npos;
    }

    tests::TemporaryFolder folder_;
    fs::path path_ = folder_.path() / "c.json";
};

TEST(Conversation, MessagesHaveTheShapeOfTemplates) {
    Conversation c = two_turns();
    EXPECT_EQ(c.messages().dump(),
              R"([{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},)"
              R"({"role":"assistant","content":"Hello!"},)"
              R"({"role":"user","content":"\"quoted\"\n\tünï 🦊"},)"
              R"({"role":"assistant","content":"so\\be it"}])");
    c.system.clear();
    c.turns = {{"a", ""}, {"b", ""}};
    EXPECT_EQ(c.messages().dump(),
              R"([{"role":"user","content":"a"},{"role":"assistant","content":""},)"
              R"({"role":"user","content":"b"}])");
    EXPECT_EQ(Conversation{}.messages().dump(), "[]");
}

TEST_F(ConversationFile, ComesBackAsItWas) {
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    const auto read = load_conversation(path_, kModel);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, two_turns());
    ASSERT_TRUE(save_conversation({}, kModel, path_));
    EXPECT_EQ(*load_conversation(path_, kModel), Conversation{});
}

TEST_F(ConversationFile, TextThatIsNotUtf8IsSavedWithReplacements) {
    ASSERT_TRUE(save_conversation({"", {{"a\xff", "b"}}}, kModel, path_));
    EXPECT_EQ(load_conversation(path_, kModel)->turns[0].user, "a\xef\xbf\xbd");
}

TEST_F(ConversationFile, Hazard166_RefusesEveryCut) {
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    const std::string whole = tests::slurp(path_);
    for (std::size_t n = 0; n + 2 < whole.size(); ++n) {
        EXPECT_NE(error_of(whole.substr(0, n)), "loaded") << n << " bytes";
    }
    EXPECT_EQ(error_of(whole), "loaded");
}

TEST_F(ConversationFile, Hazard166_RefusesOtherVersions) {
    EXPECT_TRUE(refuses(R"({"greenroom_conversation": 2})", "format 2; this program reads 1"));
    EXPECT_TRUE(refuses(R"({"greenroom_conversation": -1})", "is not a saved conversation"));
    EXPECT_TRUE(refuses(R"({"greenroom_conversation": "1"})", "is not a saved conversation"));
    EXPECT_TRUE(refuses(R"({"messages": []})", "is not a saved conversation"));
    EXPECT_TRUE(refuses("[]", "is not a saved conversation"));
    EXPECT_TRUE(refuses("GGUF", "c.json"));
}

TEST_F(ConversationFile, Hazard166_RefusesAnotherModel) {
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    for (const ModelIdentity& other :
         {ModelIdentity{"big", 46'700'000'000, 2048}, ModelIdentity{"big", 21'000'000, 32000}}) {
        const auto read = load_conversation(path_, other);
        ASSERT_FALSE(read);
        EXPECT_NE(read.error().message.find("another model: tiny, 21000000 parameters"),
                  std::string::npos);
    }
    // The same model quantised otherwise, under another name.
    EXPECT_TRUE(load_conversation(path_, {"tiny-Q8_0", 21'000'000, 2048}));
}

TEST_F(ConversationFile, Hazard166_NamesFieldsOfTheWrongKind) {
    const std::string head =
        R"({"greenroom_conversation": 1, "model": {"name": "x", "parameters": 21000000, )"
        R"("vocabulary": 2048}, )";
    EXPECT_TRUE(refuses(head + R"("turns": []})", "c.json: system: expected text"));
    EXPECT_TRUE(refuses(head + R"("system": "", "turns": 9})", "c.json: turns: expected a list"));
    EXPECT_TRUE(refuses(head + R"("system": "", "turns": [7]})", "turns[0]: user: expected text"));
    EXPECT_TRUE(refuses(head + R"("system": "", "turns": [{"user": "", "reply": null}]})",
                        "turns[0]: reply: expected text"));
    EXPECT_TRUE(refuses(R"({"greenroom_conversation": 1})", "c.json: model: expected an object"));
    EXPECT_TRUE(refuses(R"({"greenroom_conversation": 1, "model": {"name": "x",
                            "parameters": 1e30, "vocabulary": 1}})",
                        "model: parameters: expected a count"));
}

TEST_F(ConversationFile, Hazard169_HoldsNoTime) {
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    const std::string first = tests::slurp(path_);
    fs::last_write_time(path_, fs::file_time_type::clock::now() + std::chrono::hours(100'000));
    ASSERT_TRUE(load_conversation(path_, kModel));
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    EXPECT_EQ(tests::slurp(path_), first);
}

TEST_F(ConversationFile, Hazard170_AFailedSaveLeavesTheOldFileWhole) {
    ASSERT_TRUE(save_conversation(two_turns(), kModel, path_));
    const auto nowhere = save_conversation(two_turns(), kModel, folder_.path() / "no" / "c.json");
    ASSERT_FALSE(nowhere);
    EXPECT_NE(nowhere.error().message.find("cannot write"), std::string::npos);
    ASSERT_FALSE(save_conversation({}, kModel, folder_.path()));
    EXPECT_EQ(*load_conversation(path_, kModel), two_turns());
}

}  // namespace
}  // namespace greenroom::runtime
