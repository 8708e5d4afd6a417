#include "runtime/generate/engine.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "runtime/generate/chat.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {
namespace fs = std::filesystem;

// One question of a reference conversation and its greedy answer.
struct ReferenceTurn {
    std::string user, answer;
    std::vector<TokenId> prompt_ids, answer_ids;
    std::vector<double> margins;  // of the likeliest logit over the second, per answer id
};
using ReferenceConversation = std::vector<ReferenceTurn>;

std::vector<ReferenceConversation> read_conversations(const fs::path& path) {
    const io::Result<io::Json> file = io::read_json_file(path);
    EXPECT_TRUE(file) << file.error().message;
    std::vector<ReferenceConversation> out;
    for (const io::Json& conversation : (*file)["greedy"]["conversations"]) {
        ReferenceConversation& turns = out.emplace_back();
        for (const io::Json& turn : conversation) {
            turns.push_back({turn["user"],
                             turn["answer_text"],
                             turn["prompt_ids"],
                             turn["answer_ids"],
                             turn["top1_minus_top2_logit"]});
        }
    }
    return out;
}

fs::path bundled_model() {
    return tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf");
}

Settings greedy(const fs::path& model) {
    Settings settings;
    settings.model.path = model;
    settings.model.threads = 1;
    settings.device.kind = "none";
    settings.sampling.temperature = 0;
    return settings;
}

Engine load(const Settings& settings) {
    io::Result<Engine> engine = load_engine(settings);
    EXPECT_TRUE(engine) << engine.error().message;
    return engine ? *std::move(engine) : Engine{};
}

// How many ids of the answer are certain: those before the first margin below `least`.
std::size_t certain_ids(const ReferenceTurn& turn, double least) {
    const auto unsure = std::find_if(
        turn.margins.begin(), turn.margins.end(), [&](double margin) { return margin < least; });
    return static_cast<std::size_t>(unsure - turn.margins.begin());
}

// Holds the reference conversations and compares every prompt whole, and the ids of every answer as
// far as they are certain; a conversation ends where its answer is not. Returns how many ids were
// compared.
std::size_t compare_conversations(Engine& engine,
                                  const Settings& settings,
                                  const fs::path& reference,
                                  double least_margin) {
    std::size_t compared = 0;
    for (const ReferenceConversation& turns : read_conversations(reference)) {
        io::Result<Chat> chat = Chat::start(engine, settings);
        EXPECT_TRUE(chat) << chat.error().message;
        for (const ReferenceTurn& turn : turns) {
            const io::Result<Reply> reply = chat->say(turn.user);
            EXPECT_TRUE(reply) << reply.error().message;
            if (!reply) return compared;
            EXPECT_EQ(reply->prompt_ids, turn.prompt_ids) << turn.user;
            const std::size_t certain = certain_ids(turn, least_margin);
            const std::vector<TokenId>& ids = reply->generated.ids;
            EXPECT_GE(ids.size(), certain) << turn.user;
            EXPECT_TRUE(std::equal(turn.answer_ids.begin(),
                                   turn.answer_ids.begin() + static_cast<std::ptrdiff_t>(certain),
                                   ids.begin()))
                << turn.user << " -> " << reply->generated.text;
            compared += certain;
            if (certain < turn.answer_ids.size()) break;
            EXPECT_EQ(reply->generated.text, turn.answer);
            EXPECT_EQ(reply->generated.reason, StopReason::stop);
        }
    }
    return compared;
}

// The reference computed in float32, as exact arithmetic does; data/demo/README.md says that
// answers are to be compared up to the first margin below 0.02.
TEST(Engine, AnswersLikeTheReference) {
    GREENROOM_NEED_SHARED(folder, "demo/hf");
    GREENROOM_NEED_SHARED(reference, "demo/eval/expected.json");
    Settings settings = greedy(folder);
    settings.model.exact = true;
    Engine engine = load(settings);
    ASSERT_TRUE(engine.model);
    EXPECT_GT(compare_conversations(engine, settings, reference, 0.02), 300u);
}

// Weights of 4 bits move logits by tenths: an answer that leads by a whole logit throughout, e
// times as likely as any other, stays.
TEST(Engine, TheBundledModelAnswersLikeTheReferenceWhereItIsSure) {
    GREENROOM_NEED_REFERENCE(reference, "demo/eval/expected.json");
    const Settings settings = greedy(bundled_model());
    Engine engine = load(settings);
    ASSERT_TRUE(engine.model);
    EXPECT_GT(compare_conversations(engine, settings, reference, 1.0), 50u);
}

TEST(Engine, SaysWhatItLoaded) {
    Settings settings = greedy(bundled_model());
    settings.model.context = 64;
    std::uint64_t done = 0, total = 1;
    LoadHooks hooks;
    hooks.progress = [&](std::uint64_t d, std::uint64_t t) {
        EXPECT_GE(d, done);
        done = d;
        total = t;
    };
    const io::Result<Engine> engine = load_engine(settings, hooks);
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(done, total);
    EXPECT_EQ(engine->identity.name, "Greenroom demo 8x4.6M");
    EXPECT_EQ(engine->identity.parameters, 21'118'208u);
    EXPECT_EQ(engine->identity.vocabulary, 2048u);
    EXPECT_EQ(engine->template_origin, "tokenizer.chat_template");
    EXPECT_EQ(engine->pool->size(), 1);
    EXPECT_EQ(engine->model->context(), 64);
    EXPECT_TRUE(engine->warnings.empty());
    EXPECT_GT(engine->load_seconds, 0);
}

TEST(Engine, WarnsOfAContextBeyondTheTrainedOne) {
    Settings settings = greedy(bundled_model());
    settings.model.context = 1000;
    const Engine engine = load(settings);
    ASSERT_EQ(engine.warnings.size(), 1u);
    EXPECT_EQ(engine.warnings[0], "a context of 1000 positions, but the model was trained on 512");
}

TEST(Engine, TakesATemplateByName) {
    Settings settings = greedy(bundled_model());
    settings.chat.chat_template = "chatml";
    const Engine other = load(settings);
    EXPECT_TRUE(other.chat_template);
    EXPECT_NE(other.template_origin, "tokenizer.chat_template");
    settings.chat.chat_template = "no such template";
    const Engine none = load(settings);
    ASSERT_FALSE(none.chat_template);
    EXPECT_NE(none.chat_template.error().message.find("no such template"), std::string::npos);
}

TEST(Engine, NamesWhatCannotBeLoaded) {
    const auto error_of = [](const Settings& settings) {
        const io::Result<Engine> engine = load_engine(settings);
        return engine ? "loaded" : engine.error().message;
    };
    EXPECT_NE(error_of(greedy("/nowhere/x.gguf")).find("/nowhere/x.gguf"), std::string::npos);
    Settings settings = greedy(bundled_model());
    settings.model.cpu_path = "abacus";
    EXPECT_TRUE(error_of(settings).starts_with("model.cpu_path: expected one of auto, plain"));
    EXPECT_TRUE(error_of(settings).ends_with("got \"abacus\""));
    settings.model.cpu_path = "plain";
    EXPECT_EQ(error_of(settings), "loaded");
}

TEST(Engine, Hazard162_ALoadCanBeStopped) {
    std::stop_source stop;
    stop.request_stop();
    LoadHooks hooks;
    hooks.stop = stop.get_token();
    EXPECT_FALSE(load_engine(greedy(bundled_model()), hooks));
}

TEST(Engine, SameSeedSameTokensAtEveryThreadCount) {
    std::vector<std::vector<TokenId>> answers;
    for (const int threads : {1, 2}) {
        Settings settings = greedy(bundled_model());
        settings.model.threads = threads;
        settings.sampling.temperature = 1.5;
        settings.sampling.seed = 7;
        settings.chat.predict = 40;
        Engine engine = load(settings);
        ASSERT_EQ(engine.pool->size(), threads);
        io::Result<Chat> chat = Chat::start(engine, settings);
        ASSERT_TRUE(chat) << chat.error().message;
        answers.push_back(chat->say("Tell me a story.")->generated.ids);
        answers.push_back(chat->say("And then?")->generated.ids);
    }
    EXPECT_EQ(answers[0], answers[2]);
    EXPECT_EQ(answers[1], answers[3]);
}

TEST(Engine, OnlyNewTurnsAreRead) {
    const Settings settings = greedy(bundled_model());
    Engine engine = load(settings);
    io::Result<Chat> chat = Chat::start(engine, settings);
    ASSERT_TRUE(chat) << chat.error().message;
    std::size_t in_model = 0;
    for (const char* question : {"My name is Tobi.", "What is 7 + 8?", "What is my name?"}) {
        const Reply reply = *chat->say(question);
        EXPECT_EQ(static_cast<std::size_t>(reply.generated.timings.reused_n), in_model) << question;
        // All of the reply but the token that ended it.
        in_model = reply.prompt_ids.size() + reply.generated.ids.size() - 1;
        EXPECT_EQ(static_cast<std::size_t>(chat->context_used()), in_model);
    }
    EXPECT_EQ(chat->conversation().turns.back().reply, "Your name is Tobi.");
}

TEST(Engine, AFullContextIsShiftedTurnByTurn) {
    Settings settings = greedy(bundled_model());
    settings.model.context = 96;
    settings.chat.context_overflow = "shift";
    settings.chat.predict = 30;
    Engine engine = load(settings);
    io::Result<Chat> chat = Chat::start(engine, settings);
    ASSERT_TRUE(chat) << chat.error().message;
    std::size_t dropped = 0;
    for (int i = 0; i < 8; ++i) {
        const io::Result<Reply> reply = chat->say("What is 7 + 8?");
        ASSERT_TRUE(reply) << reply.error().message;
        EXPECT_FALSE(reply->generated.text.empty());
        EXPECT_LE(chat->context_used(), 96);
        dropped += reply->dropped_turns;
    }
    EXPECT_GT(dropped, 0u);
    EXPECT_EQ(chat->conversation().turns.size(), 8 - dropped);
}

TEST(ModelSettingsOf, TranslatesTheWordsOfTheSection) {
    ModelSection section;
    EXPECT_EQ(model_settings(section).load, LoadMethod::read);
    EXPECT_EQ(model_settings(section).arithmetic, kernels::Arithmetic::fast);
    EXPECT_EQ(model_settings(section).kv_type, kernels::KvType::f16);
    section.load = "mmap";
    section.exact = true;
    section.kv_type = "q8_0";
    section.context = 7;
    section.batch = 3;
    EXPECT_EQ(model_settings(section).load, LoadMethod::mmap);
    EXPECT_EQ(model_settings(section).arithmetic, kernels::Arithmetic::exact);
    EXPECT_EQ(model_settings(section).kv_type, kernels::KvType::q8_0);
    EXPECT_EQ(model_settings(section).context, 7);
    EXPECT_EQ(model_settings(section).batch, 3);
    section.kv_type = "f32";
    EXPECT_EQ(model_settings(section).kv_type, kernels::KvType::f32);
}

}  // namespace
}  // namespace greenroom::runtime
