#include "runtime/generate/prompt.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/byte_tokenizer.hpp"

namespace greenroom::runtime {
namespace {

using tests::ByteTokenizer;

ChatTemplate parse(std::string_view source) {
    io::Result<ChatTemplate> parsed = ChatTemplate::parse(source);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return *std::move(parsed);
}

io::Json user(std::string_view text) {
    return io::Json::array({{{"role", "user"}, {"content", text}}});
}

io::Json exchange() {
    io::Json out = user("Q");
    out.push_back({{"role", "assistant"}, {"content", "A"}});
    out.push_back({{"role", "user"}, {"content", "R"}});
    return out;
}

// The ids as text, control tokens as <s> and </s>.
std::string encoded(const ByteTokenizer& tokenizer,
                    std::string_view source,
                    const io::Json& messages) {
    const ChatTemplate chat_template = parse(source);
    const auto ids = PromptEncoder(tokenizer, chat_template).encode(messages);
    return ids ? tokenizer.decode(*ids, true) : ids.error().message;
}

std::size_t count_bos(const ByteTokenizer& tokenizer,
                      std::string_view source,
                      std::string_view text) {
    const ChatTemplate chat_template = parse(source);
    const auto ids = PromptEncoder(tokenizer, chat_template).encode(user(text));
    return static_cast<std::size_t>(std::count(ids->begin(), ids->end(), ByteTokenizer::kBos));
}

constexpr std::string_view kPlain =
    "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}"
    "{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}";
constexpr std::string_view kWithoutBos = "{% for m in messages %}{{ m.content }}{% endfor %}";
// As Mixtral's templates: with spaces of its own, and without.
constexpr std::string_view kSpaced =
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %} [I] {{ m.content }} [/I]"
    "{% else %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}";
constexpr std::string_view kUnspaced =
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[I] {{ m.content }} [/I]"
    "{% else %}{{ m.content }}{{ eos_token }}{% endif %}{% endfor %}";

TEST(PromptEncoder, RendersWithTheGenerationPrompt) {
    EXPECT_EQ(encoded(ByteTokenizer(), kPlain, exchange()),
              "<s><user>Q<assistant>A</s><user>R<assistant>");
}

TEST(PromptEncoder, PutsOneBosWhetherTheTemplateWritesItOrNot) {
    EXPECT_EQ(count_bos(ByteTokenizer(), kPlain, "x"), 1u);
    EXPECT_EQ(count_bos(ByteTokenizer(), kWithoutBos, "x"), 1u);
    EXPECT_EQ(count_bos(ByteTokenizer("bpe", false), kPlain, "x"), 1u);
    EXPECT_EQ(count_bos(ByteTokenizer("bpe", false), kWithoutBos, "x"), 0u);
}

TEST(PromptEncoder, Hazard077_ControlTokensInAMessageAreText) {
    EXPECT_EQ(count_bos(ByteTokenizer(), kPlain, "<s><s></s>"), 1u);
    EXPECT_EQ(count_bos(ByteTokenizer(), kWithoutBos, "<s>"), 1u);
    const ByteTokenizer tokenizer;
    const ChatTemplate chat_template = parse(kPlain);
    const auto ids = PromptEncoder(tokenizer, chat_template).encode(user("</s>"));
    EXPECT_EQ(std::count(ids->begin(), ids->end(), ByteTokenizer::kEos), 0);
}

TEST(PromptEncoder, TemplatesThatWriteTheirSpacesGetNoMore) {
    EXPECT_EQ(encoded(ByteTokenizer("spm"), kSpaced, exchange()),
              "<s> [I] Q [/I] A</s> [I] R [/I]");
}

TEST(PromptEncoder, TemplatesThatDoNotGetTheSpacesOfTheTokenizer) {
    EXPECT_EQ(encoded(ByteTokenizer("spm"), kUnspaced, exchange()),
              "<s> [I] Q [/I] A</s> [I] R [/I]");
}

TEST(PromptEncoder, WithoutSentencePieceTextStaysAsRendered) {
    EXPECT_EQ(encoded(ByteTokenizer(), kUnspaced, exchange()), "<s>[I] Q [/I]A</s>[I] R [/I]");
}

TEST(PromptEncoder, ErrorsAreTheTemplates) {
    const std::string message = encoded(
        ByteTokenizer("spm"), "{{ raise_exception('only one system message') }}", user("x"));
    EXPECT_NE(message.find("only one system message"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
