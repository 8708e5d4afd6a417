// The ids that Mixtral's makers publish for a conversation, from encode alone.
#include <gtest/gtest.h>

#include "tests/runtime/text/reference_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

struct Turn {
    bool user = false;
    std::string text;
};

// System text is put before the first text of the user.
std::vector<Turn> turns_of(const io::Json& messages) {
    std::vector<Turn> turns;
    std::string system;
    for (const io::Json& message : messages) {
        const auto role = message.at("role").get<std::string>();
        const auto text = message.at("content").get<std::string>();
        if (role == "system") {
            system = text.empty() ? "" : text + "\n\n";
        } else {
            turns.push_back({role == "user", system + text});
            system.clear();
        }
    }
    return turns;
}

// Text in the template's language, and which of it the conversation brought along.
struct Prompt {
    std::string text = "<s>";
    std::vector<ByteRange> literal;

    void add(std::string_view before, std::string_view typed, std::string_view after) {
        text += before;
        literal.push_back({text.size(), text.size() + typed.size()});
        text += typed;
        text += after;
    }
};

class MixtralChat : public testing::Test {
 protected:
    void SetUp() override {
        GREENROOM_NEED_SHARED(cases, "tokenizers/mixtral-v1.chat.jsonl");
        GREENROOM_NEED_SHARED(model, "tokenizers/mistral-common/tokenizer.model.v1");
        lines_ = tests::read_lines(cases);
        EXPECT_EQ(lines_.size(), 19u);
        auto loaded = load_tokenizer(model);
        ASSERT_TRUE(loaded) << loaded.error().message;
        tokenizer_ = std::move(*loaded);
    }

    std::vector<io::Json> lines_;
    std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_F(MixtralChat, EncodesTurnByTurn) {
    for (const io::Json& line : lines_) {
        std::vector<TokenId> ids = {*tokenizer_->bos()};
        for (const Turn& turn : turns_of(line.at("messages"))) {
            const std::string text = turn.user ? "[INST] " + turn.text + " [/INST]" : turn.text;
            const auto more = tokenizer_->encode(text, {.add_special = false});
            ids.insert(ids.end(), more.begin(), more.end());
            if (!turn.user) ids.push_back(*tokenizer_->eos());
        }
        EXPECT_EQ(ids, tests::ids_of(line)) << line.at("name");
    }
}

TEST_F(MixtralChat, EncodesTheTemplateWithoutASpaceOfItsOwn) {
    int n_checked = 0;
    for (const io::Json& line : lines_) {
        if (!line.value("template_no_dummy_prefix_agrees", false)) continue;
        Prompt prompt;
        for (const Turn& turn : turns_of(line.at("messages"))) {
            prompt.add(turn.user ? " [INST] " : " ", turn.text, turn.user ? " [/INST]" : "</s>");
        }
        const EncodeOptions options{
            .parse_special = true, .literal = prompt.literal, .space_prefix = false};
        EXPECT_EQ(tokenizer_->encode(prompt.text, options), tests::ids_of(line)) << line.at("name");
        ++n_checked;
    }
    EXPECT_GT(n_checked, 10);
}

TEST_F(MixtralChat, EqualsThePublishedIds) {
    GREENROOM_NEED_SHARED(published, "tokenizers/mistral-common/no_tools/tokens_v1.json");
    const auto ids = io::Json::parse(tests::slurp(published)).at("tokens");
    EXPECT_EQ(lines_.at(0).at("ids"), ids);
    EXPECT_EQ(ids.size(), 118u);
}

}  // namespace
}  // namespace greenroom::runtime
