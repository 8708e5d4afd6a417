#include "runtime/generate/generate.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <string>

#include "tests/support/byte_tokenizer.hpp"
#include "tests/support/fake_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::ByteTokenizer;
using tests::FakeModel;
using Ids = std::vector<TokenId>;

constexpr TokenId kEos = ByteTokenizer::kEos;

Ids ids_of(std::string_view text) {
    Ids out;
    for (const char c : text) out.push_back(ByteTokenizer::id_of(c));
    return out;
}

// Says `script` behind a prompt of `prompt_size` tokens, then ends.
FakeModel::Next says(std::string script, std::size_t prompt_size) {
    return [=](std::span<const TokenId> read) {
        const std::size_t at = read.size() - prompt_size;
        return at < script.size() ? ByteTokenizer::id_of(script[at]) : kEos;
    };
}

class Generation : public ::testing::Test {
 protected:
    void use(FakeModel::Shape shape, FakeModel::Next next, SamplerSettings settings = {}) {
        if (settings == SamplerSettings{}) settings.temperature = 0;
        model_.emplace(shape, std::move(next));
        sampler_.emplace(settings, static_cast<std::size_t>(shape.vocabulary));
        generator_.emplace(*model_, tokenizer_, *sampler_);
    }
    Generated generate(const Ids& prompt,
                       const GenerateOptions& options = {},
                       const GenerateHooks& hooks = {}) {
        io::Result<Generated> out = generator_->generate(prompt, options, hooks);
        EXPECT_TRUE(out) << out.error().message;
        return out ? std::move(*out) : Generated{};
    }

    ByteTokenizer tokenizer_;
    std::optional<FakeModel> model_;
    std::optional<Sampler> sampler_;
    std::optional<Generator> generator_;
};

TEST_F(Generation, GoesOnUntilTheModelEnds) {
    use({}, says("abc", 2));
    std::string heard;
    GenerateHooks hooks;
    hooks.on_text = [&](std::string_view text) { heard += text; };
    const Generated out = generate(ids_of("xy"), {}, hooks);
    EXPECT_EQ(out.ids, (Ids{'a', 'b', 'c', kEos}));
    EXPECT_EQ(out.text, "abc");
    EXPECT_EQ(heard, "abc");
    EXPECT_EQ(out.reason, StopReason::stop);
    EXPECT_EQ(out.timings.prompt_n, 2);
    EXPECT_EQ(out.timings.reused_n, 0);
    EXPECT_EQ(out.timings.predicted_n, 4);
    EXPECT_TRUE(out.logprobs.empty());
    EXPECT_EQ(model_->fed, 5);  // the end is never read
    EXPECT_EQ(model_->read(), Ids(generator_->read().begin(), generator_->read().end()));
}

TEST_F(Generation, Hazard078_NeverCutsACharacter) {
    use({}, says("a\xF0\x9F\xA6\x8A\xC3", 1));
    std::vector<std::string> heard;
    GenerateHooks hooks;
    hooks.on_text = [&](std::string_view text) { heard.emplace_back(text); };
    const Generated out = generate(ids_of("x"), {}, hooks);
    EXPECT_EQ(heard, (std::vector<std::string>{"a", "🦊", "\xEF\xBF\xBD"}));
    EXPECT_EQ(out.text, "a🦊\xEF\xBF\xBD");
}

TEST_F(Generation, StopsAtTheLengthAskedForWithoutReadingTheLastToken) {
    use({}, says("abcdef", 1));
    const Generated out = generate(ids_of("x"), {.predict = 3});
    EXPECT_EQ(out.text, "abc");
    EXPECT_EQ(out.reason, StopReason::length);
    EXPECT_EQ(model_->fed, 3);
    const Generated none = generate(ids_of("y"), {.predict = 0});
    EXPECT_EQ(none.reason, StopReason::length);
    EXPECT_TRUE(none.ids.empty());
    EXPECT_EQ(none.timings.first_token_s, 0);
}

TEST_F(Generation, EndsAtTheIdsThatTheModelNamesBesides) {
    use({}, says("abc", 1));
    const Ids ends = {'b'};
    const Generated out = generate(ids_of("x"), {.end_ids = ends});
    EXPECT_EQ(out.ids, (Ids{'a', 'b'}));
    EXPECT_EQ(out.text, "a");
    EXPECT_EQ(out.reason, StopReason::stop);
}

TEST_F(Generation, IgnoringTheEndGoesOnBehindIt) {
    use({.context = 20}, [](std::span<const TokenId>) { return kEos; });
    const Ids ends = {'q'};
    const Generated out = generate(ids_of("x"), {.ignore_eos = true, .end_ids = ends});
    EXPECT_EQ(out.reason, StopReason::context);
    EXPECT_EQ(out.ids.size(), 20u);
    EXPECT_EQ(out.ids, Ids(20, kEos));
    EXPECT_EQ(generate(ids_of("z")).ids, (Ids{kEos}));
}

TEST_F(Generation, EndsWhereTheContextDoes) {
    use({.context = 6}, says("abcdefghij", 2));
    const Generated out = generate(ids_of("xy"));
    EXPECT_EQ(out.reason, StopReason::context);
    EXPECT_EQ(out.text, "abcde");  // four are read, the fifth has no position
    EXPECT_EQ(model_->length(), 6);
    const Generated full = generate(ids_of("123456"));
    EXPECT_EQ(full.reason, StopReason::context);
    EXPECT_EQ(full.ids.size(), 1u);
}

TEST_F(Generation, RefusesPromptsThatAreEmptyOrTooLong) {
    use({.context = 4}, says("", 1));
    EXPECT_FALSE(generator_->generate({}, {}));
    const auto out = generator_->generate(ids_of("12345"), {});
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().message, "the prompt has 5 tokens, the context holds 4");
    EXPECT_EQ(model_->fed, 0);
}

TEST_F(Generation, ReadsThePromptInBatches) {
    use({.batch = 4}, says("", 10));
    generate(ids_of("0123456789"));
    EXPECT_EQ(model_->forwards, 3);
    EXPECT_EQ(model_->fed, 10);
}

TEST_F(Generation, ReadsOnlyWhatDiffersFromLastTime) {
    use({}, says("abc", 4));
    generate(ids_of("1234"));
    EXPECT_EQ(model_->fed, 7);  // 1234abc
    const Generated out = generate(ids_of("1234abcZ"));
    EXPECT_EQ(out.timings.reused_n, 7);
    EXPECT_EQ(out.timings.prompt_n, 1);
    const int before = model_->fed;
    const Generated other = generate(ids_of("12xy"));
    EXPECT_EQ(other.timings.reused_n, 2);
    EXPECT_EQ(model_->fed - before - 2, static_cast<int>(other.ids.size()) - 1);
    EXPECT_EQ(other.text, "abc");
}

TEST_F(Generation, ReadsTheLastTokenOfAKnownPromptAgain) {
    use({}, says("abc", 4));
    const Generated first = generate(ids_of("1234"));
    const Generated again = generate(ids_of("1234"));
    EXPECT_EQ(again.timings.reused_n, 3);
    EXPECT_EQ(again.timings.prompt_n, 1);
    EXPECT_EQ(again.ids, first.ids);
}

TEST_F(Generation, ClearForgets) {
    use({}, says("abc", 4));
    generate(ids_of("1234"));
    generator_->clear();
    EXPECT_EQ(model_->length(), 0);
    EXPECT_EQ(generate(ids_of("1234")).timings.reused_n, 0);
}

TEST_F(Generation, CanBeInterruptedBetweenBatchesAndBetweenTokens) {
    use({.batch = 4}, says("abcdefghijkl", 10));
    std::stop_source in_prompt;
    model_->on_forward = [&] {
        if (model_->length() >= 8) in_prompt.request_stop();
    };
    GenerateHooks hooks;
    hooks.stop = in_prompt.get_token();
    const Generated cut = generate(ids_of("0123456789"), {}, hooks);
    EXPECT_EQ(cut.reason, StopReason::interrupted);
    EXPECT_TRUE(cut.ids.empty());
    EXPECT_EQ(model_->length(), 8);

    std::stop_source in_reply;
    model_->on_forward = nullptr;
    hooks.stop = in_reply.get_token();
    hooks.on_text = [&](std::string_view text) {
        if (text == "c") in_reply.request_stop();
    };
    const Generated reply = generate(ids_of("0123456789"), {}, hooks);
    EXPECT_EQ(reply.reason, StopReason::interrupted);
    EXPECT_EQ(reply.timings.reused_n, 8);
    EXPECT_TRUE(reply.text.starts_with("abc"));
    EXPECT_LE(reply.text.size(), 4u);
}

TEST_F(Generation, AnErrorOfTheModelLeavesWhatWasRead) {
    use({.batch = 4}, says("abc", 9));
    model_->fails_at = '6';
    const auto failed = generator_->generate(ids_of("012345678"), {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "layer 3: not finite");
    EXPECT_EQ(Ids(generator_->read().begin(), generator_->read().end()), ids_of("012345"));
    model_->fails_at = -1;
    const Generated out = generate(ids_of("012345678"));
    EXPECT_EQ(out.timings.reused_n, 6);
    EXPECT_EQ(out.text, "abc");
}

TEST_F(Generation, GivesTheLogProbabilityOfEachToken) {
    use({}, says("ab", 1));
    const Generated out = generate(ids_of("x"), {.logprobs = true});
    ASSERT_EQ(out.logprobs.size(), out.ids.size());
    for (const float logprob : out.logprobs) EXPECT_TRUE(logprob < 0 && logprob > -1);
}

TEST_F(Generation, DropsTheFirstSpaceOfSentencePieceRepliesOnly) {
    use({}, says("  ab", 1));
    EXPECT_EQ(generate(ids_of("x"), {.drop_first_space = true}).text, "  ab");
    const ByteTokenizer spm("spm");
    Generator generator(*model_, spm, *sampler_);
    EXPECT_EQ(generator.generate(ids_of("x"), {.drop_first_space = true})->text, " ab");
    EXPECT_EQ(generator.generate(ids_of("x"), {})->text, "  ab");
}

TEST_F(Generation, PenaltiesSeeThePrompt) {
    use({}, says("aaaa", 3), {.temperature = 0, .presence_penalty = 20});
    const Generated out = generate(ids_of("xax"), {.predict = 1});
    EXPECT_NE(out.ids.front(), 'a');
}

TEST_F(Generation, SameSeedSameTokens) {
    const SamplerSettings hot = {.temperature = 5, .top_k = 0, .top_p = 1, .min_p = 0, .seed = 11};
    use({}, says("abcdefgh", 1), hot);
    const Generated first = generate(ids_of("x"), {.predict = 20});
    use({}, says("abcdefgh", 1), hot);
    EXPECT_EQ(generate(ids_of("x"), {.predict = 20}).ids, first.ids);
}

// Two turns of ten; the first goes when the context is full.
TEST_F(Generation, MakesRoomByMovingWhatStays) {
    use({.context = 30}, [](std::span<const TokenId> read) {
        return read.back() == 'z' ? 'a' : read.back() + 1;  // the alphabet
    });
    const Ids prompt = ids_of("SSSS0123456789ABCDEFGHIJa");
    const Ids shorter = ids_of("SSSSABCDEFGHIJa");
    generator_->clear();
    int asked = 0;
    GenerateHooks hooks;
    hooks.make_room = [&](std::span<const TokenId> generated) -> std::optional<Ids> {
        EXPECT_EQ(generated.size(), 6u);  // 25 + 5 read, one waits
        generator_->allow_shift();
        return ++asked == 1 ? std::optional(shorter) : std::nullopt;
    };
    const Generated out = generate(prompt, {.predict = 12}, hooks);
    EXPECT_EQ(out.text, "bcdefghijklm");
    EXPECT_EQ(out.reason, StopReason::length);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(model_->shifted, (std::vector<std::pair<int, int>>{{4, 10}}));
    EXPECT_EQ(model_->fed, 25 + 11);  // nothing twice
}

TEST_F(Generation, MakesRoomByReadingAgainWithoutLeaveToShift) {
    use({.context = 30}, [](std::span<const TokenId> read) { return read.back() + 1; });
    GenerateHooks hooks;
    hooks.make_room = [&](std::span<const TokenId>) { return std::optional(ids_of("SSa")); };
    const Generated out = generate(ids_of("SSSS0123456789ABCDEFGHIJa"), {.predict = 12}, hooks);
    EXPECT_EQ(out.text, "bcdefghijklm");
    EXPECT_TRUE(model_->shifted.empty());
}

TEST_F(Generation, EndsWhenNoRoomCanBeMade) {
    use({.context = 10}, [](std::span<const TokenId>) { return 'a'; });
    GenerateHooks hooks;
    hooks.make_room = [&](std::span<const TokenId>) { return std::optional(ids_of("12345678")); };
    EXPECT_EQ(generate(ids_of("12345678"), {}, hooks).reason, StopReason::context);
}

TEST(StopReasonName, IsWhatJsonSays) {
    EXPECT_EQ(stop_reason_name(StopReason::stop), "stop");
    EXPECT_EQ(stop_reason_name(StopReason::length), "length");
    EXPECT_EQ(stop_reason_name(StopReason::context), "context");
    EXPECT_EQ(stop_reason_name(StopReason::interrupted), "interrupted");
}

}  // namespace
}  // namespace greenroom::runtime
