#include "runtime/generate/chat.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "tests/support/byte_tokenizer.hpp"
#include "tests/support/fake_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::ByteTokenizer;
using tests::FakeModel;

// System, user and reply in brackets of their own: "(S)[Q]A;[R]".
constexpr std::string_view kTemplate =
    "{% for m in messages %}{% if m.role == 'system' %}({{ m.content }})"
    "{% elif m.role == 'user' %}[{{ m.content }}]{% else %}{{ m.content }};{% endif %}{% endfor %}";
// As Mixtral: the system prompt lies in the first question, so that dropping a turn moves it.
constexpr std::string_view kSystemInQuestion =
    "{% for m in messages %}{% if m.role == 'user' %}[{% if loop.index0 < 2 %}"
    "{% if messages[0].role == 'system' %}({{ messages[0].content }}){% endif %}{% endif %}"
    "{{ m.content }}]{% elif m.role == 'assistant' %}{{ m.content }};{% endif %}{% endfor %}";

// Answers "[abc]" with "ABC", then ends: the letters of the last question, raised.
TokenId echo(std::span<const TokenId> read) {
    std::size_t open = read.size(), close = read.size();
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (read[i] == '[') open = i;
        if (read[i] == ']') close = i;
    }
    const std::size_t said = read.size() - close - 1;
    const std::size_t question = open + 1 + said;
    if (open >= close || question >= close) return ByteTokenizer::kEos;
    const TokenId letter = read[question];
    return letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter;
}

class ChatTest : public ::testing::Test {
 protected:
    ChatTest() { settings_.sampling.temperature = 0; }

    void start(int context = 100, std::string_view source = kTemplate) {
        auto model = std::make_unique<FakeModel>(FakeModel::Shape{.context = context}, echo);
        model_ = model.get();
        engine_.model = std::move(model);
        engine_.tokenizer = std::make_unique<ByteTokenizer>("bpe", false);
        engine_.chat_template = ChatTemplate::parse(source);
        io::Result<Chat> chat = Chat::start(engine_, settings_);
        ASSERT_TRUE(chat) << chat.error().message;
        chat_.emplace(*std::move(chat));
    }
    Reply say(std::string_view text, const ChatHooks& hooks = {}) {
        io::Result<Reply> reply = chat_->say(text, hooks);
        EXPECT_TRUE(reply) << reply.error().message;
        return reply ? *std::move(reply) : Reply{};
    }
    std::string in_model() const { return engine_.tokenizer->decode(model_->read(), true); }

    Settings settings_;
    Engine engine_;
    FakeModel* model_ = nullptr;
    std::optional<Chat> chat_;
};

TEST_F(ChatTest, RemembersTurnsAndReadsOnlyNewOnes) {
    settings_.chat.system = "be";
    start();
    std::string heard;
    ChatHooks hooks;
    hooks.on_text = [&](std::string_view text) { heard += text; };
    const Reply first = say("hello", hooks);
    EXPECT_EQ(first.generated.text, "HELLO");
    EXPECT_EQ(heard, "HELLO");
    EXPECT_EQ(first.generated.reason, StopReason::stop);
    EXPECT_TRUE(first.notice.empty());
    EXPECT_EQ(engine_.tokenizer->decode(first.prompt_ids, true), "(be)[hello]");
    EXPECT_EQ(in_model(), "(be)[hello]HELLO");
    const int fed = model_->fed;
    const Reply second = say("yo");
    EXPECT_EQ(second.generated.text, "YO");
    EXPECT_EQ(second.generated.timings.reused_n, 16);
    EXPECT_EQ(second.generated.timings.prompt_n, 5);  // ;[yo]
    EXPECT_EQ(model_->fed - fed, 5 + 2);
    EXPECT_EQ(chat_->context_used(), 16 + 5 + 2);
    EXPECT_EQ(chat_->conversation().turns, (std::vector<Turn>{{"hello", "HELLO"}, {"yo", "YO"}}));
}

TEST_F(ChatTest, RegenerateAnswersTheLastQuestionAgain) {
    start();
    EXPECT_FALSE(chat_->regenerate());
    say("one");
    say("two");
    const io::Result<Reply> again = chat_->regenerate();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->generated.text, "TWO");
    EXPECT_EQ(again->generated.timings.prompt_n, 1);
    EXPECT_EQ(chat_->conversation().turns.size(), 2u);
}

TEST_F(ChatTest, RegenerateDrawsOtherTokens) {
    settings_.sampling.temperature = 20;
    settings_.sampling.top_k = 0;
    settings_.sampling.top_p = 1;
    settings_.sampling.min_p = 0;
    settings_.sampling.seed = 4;
    settings_.chat.predict = 8;
    start();
    const Reply first = say("abcdefgh");
    EXPECT_NE(chat_->regenerate()->generated.ids, first.generated.ids);
}

TEST_F(ChatTest, ClearKeepsTheSystemPrompt) {
    settings_.chat.system = "be";
    start();
    say("one");
    chat_->clear();
    say("two");
    EXPECT_EQ(in_model(), "(be)[two]TWO");
    chat_->set_system("");
    say("six");
    EXPECT_EQ(in_model(), "[two]TWO;[six]SIX");
}

TEST_F(ChatTest, AConversationCanBePutInItsPlace) {
    start();
    say("one");
    chat_->set_conversation({"s", {{"x", "y"}}});
    say("two");
    EXPECT_EQ(in_model(), "(s)[x]y;[two]TWO");
}

TEST_F(ChatTest, Hazard162_AnInterruptedReplyIsKeptAsFarAsItCame) {
    start();
    std::stop_source stop;
    ChatHooks hooks;
    hooks.stop = stop.get_token();
    hooks.on_text = [&](std::string_view text) {
        if (text == "C") stop.request_stop();
    };
    const Reply reply = say("abcdef", hooks);
    EXPECT_EQ(reply.generated.reason, StopReason::interrupted);
    EXPECT_EQ(chat_->conversation().turns.back().reply, reply.generated.text);
    EXPECT_TRUE(reply.generated.text.starts_with("ABC"));
    EXPECT_EQ(say("xy").generated.text, "XY");
}

TEST_F(ChatTest, Hazard162_InterruptedBeforeTheFirstTokenNothingChanges) {
    start();
    say("one");
    const Conversation before = chat_->conversation();
    std::stop_source stop;
    stop.request_stop();
    ChatHooks hooks;
    hooks.stop = stop.get_token();
    EXPECT_TRUE(say("two", hooks).generated.ids.empty());
    EXPECT_EQ(chat_->conversation(), before);
    EXPECT_TRUE(chat_->regenerate(hooks)->generated.ids.empty());
    EXPECT_EQ(chat_->conversation(), before);
}

TEST_F(ChatTest, AnErrorOfTheModelLeavesTheConversation) {
    start();
    say("one");
    const Conversation before = chat_->conversation();
    model_->fails_at = '!';
    EXPECT_FALSE(chat_->say("two!"));
    EXPECT_EQ(chat_->conversation(), before);
    EXPECT_EQ(say("two").generated.text, "TWO");
}

TEST_F(ChatTest, WithoutATemplateThereIsNoChat) {
    Engine engine;
    engine.chat_template = io::Error{"line 3: unknown statement"};
    const io::Result<Chat> chat = Chat::start(engine, {});
    ASSERT_FALSE(chat);
    EXPECT_EQ(chat.error().message, "line 3: unknown statement");
}

TEST_F(ChatTest, ChangedSettingsHoldFromNowOn) {
    start();
    settings_.chat.predict = 2;
    settings_.sampling.top_k = 3;
    chat_->change(settings_);
    EXPECT_EQ(say("abcd").generated.text, "AB");
    EXPECT_EQ(chat_->sampling().top_k, 3);
}

TEST_F(ChatTest, OverflowStopEndsTheReplyWithANotice) {
    start(12);
    const Reply reply = say("abcdefg");  // 9 tokens, 3 positions left
    EXPECT_EQ(reply.generated.reason, StopReason::context);
    EXPECT_EQ(reply.generated.text, "ABCD");
    EXPECT_EQ(reply.notice, "the context of 12 positions is full: the reply ends here");
    EXPECT_EQ(chat_->conversation().turns.back().reply, "ABCD");
}

TEST_F(ChatTest, OverflowStopRefusesAQuestionThatLeavesNoRoom) {
    start(20);
    say("abcde");
    const Conversation before = chat_->conversation();
    const io::Result<Reply> reply = chat_->say("12345678");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().message,
              "the conversation takes 23 tokens with this question, the context holds 20; the "
              "question was not kept");
    EXPECT_EQ(chat_->conversation(), before);
    EXPECT_EQ(say("x").generated.text, "X");
}

TEST_F(ChatTest, OverflowShiftDropsTheOldestTurnsAndMovesTheRest) {
    settings_.chat.context_overflow = "shift";
    settings_.chat.system = "sys";
    start(60);
    say("aaaaaaa");  // 5 + 9 + 7 = 21 tokens
    say("bbbbbbb");  // and 1 + 9 + 7 = 38
    say("cc");       // and 1 + 4 + 2 = 45
    const int fed = model_->fed;
    const Reply reply = say("dddddddddddd");  // 1 + 14 more are 60: too many for a reply
    EXPECT_EQ(reply.generated.text, "DDDDDDDDDDDD");
    EXPECT_EQ(reply.dropped_turns, 1u);
    EXPECT_EQ(reply.notice, "the context of 60 positions is full: dropped the oldest turn");
    EXPECT_EQ(in_model(), "(sys)[bbbbbbb]BBBBBBB;[cc]CC;[dddddddddddd]DDDDDDDDDDDD");
    // "(sys)[" is common; "aaaaaaa]AAAAAAA;[" goes.
    EXPECT_EQ(model_->shifted, (std::vector<std::pair<int, int>>{{6, 17}}));
    EXPECT_EQ(model_->fed - fed, 15 + 12);
    EXPECT_EQ(chat_->conversation().turns.size(), 3u);
}

TEST_F(ChatTest, OverflowShiftInTheMiddleOfAReplyGoesOn) {
    settings_.chat.context_overflow = "shift";
    start(48);
    say("aaaaaaa");                               // 16 tokens
    const Reply reply = say("bcdefghijklmnopq");  // 1 + 18 more, 13 positions for 16 letters
    EXPECT_EQ(reply.generated.text, "BCDEFGHIJKLMNOPQ");
    EXPECT_EQ(reply.generated.reason, StopReason::stop);
    EXPECT_EQ(reply.dropped_turns, 1u);
    EXPECT_EQ(in_model(), "[bcdefghijklmnopq]BCDEFGHIJKLMNOPQ");
    EXPECT_EQ(chat_->conversation().turns,
              (std::vector<Turn>{{"bcdefghijklmnopq", "BCDEFGHIJKLMNOPQ"}}));
}

TEST_F(ChatTest, OverflowShiftMovesWhatStaysBehindASystemPromptInTheFirstQuestion) {
    settings_.chat.context_overflow = "shift";
    settings_.chat.system = "sys";
    start(60, kSystemInQuestion);
    say("aaaaaaa");
    say("bbbbbbb");
    const Reply reply = say("cccccccccc");
    EXPECT_EQ(reply.dropped_turns, 1u);
    EXPECT_EQ(in_model(), "[(sys)bbbbbbb]BBBBBBB;[cccccccccc]CCCCCCCCCC");
    // "aaaaaaa](SYS)AAAAAAA;[" goes, the system prompt stays where it was.
    EXPECT_EQ(model_->shifted, (std::vector<std::pair<int, int>>{{6, 22}}));
}

TEST_F(ChatTest, OverflowShiftOfASingleTurnEndsLikeStop) {
    settings_.chat.context_overflow = "shift";
    start(12);
    EXPECT_EQ(say("abcdefg").generated.reason, StopReason::context);
    const Conversation before = chat_->conversation();
    const io::Result<Reply> refused = chat_->say("0123456789abc");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("the question was not kept"), std::string::npos);
    EXPECT_EQ(chat_->conversation(), before);
}

}  // namespace
}  // namespace greenroom::runtime
