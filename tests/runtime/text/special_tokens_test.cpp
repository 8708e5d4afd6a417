#include "runtime/text/special_tokens.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/small_vocabulary.hpp"

namespace greenroom::runtime {
namespace {

using tests::control;
using tests::token;
using tests::user_defined;
using tests::vocabulary_of;

struct Options {
    bool parse_control = true;
    std::vector<ByteRange> literal = {};
};

// "text|<TOKEN>|text"
std::string split(const Vocabulary& vocabulary, std::string_view text, Options options = {}) {
    std::string joined;
    for (const Fragment& fragment :
         SpecialTokens(vocabulary).split(text, options.parse_control, options.literal)) {
        if (!joined.empty()) joined += '|';
        if (fragment.token) {
            joined += "{" + vocabulary[*fragment.token].text + "}";
        } else {
            joined += fragment.text;
        }
    }
    return joined;
}

TEST(SpecialTokens, ControlTokensCountOnlyWhereAsked) {
    const Vocabulary v = vocabulary_of({control("<s>"), user_defined("<u>"), token("<n>")});
    EXPECT_EQ(split(v, "a<s>b<u>c<n>"), "a|{<s>}|b|{<u>}|c<n>");
    EXPECT_EQ(split(v, "a<s>b<u>c<n>", {.parse_control = false}), "a<s>b|{<u>}|c<n>");
}

TEST(SpecialTokens, TheUnknownTokenIsControl) {
    const Vocabulary v = vocabulary_of({token("<unk>", TokenType::unknown)});
    EXPECT_EQ(split(v, "<unk>"), "{<unk>}");
    EXPECT_EQ(split(v, "<unk>", {.parse_control = false}), "<unk>");
}

TEST(SpecialTokens, TheLongestTokenWins) {
    const Vocabulary v =
        vocabulary_of({control("<a"), control("<a>"), control("<a><b>"), control("<b")});
    EXPECT_EQ(split(v, "<a><b>"), "{<a><b>}");
    EXPECT_EQ(split(v, "<a><b"), "{<a>}|{<b}");
    EXPECT_EQ(split(v, "<a<a"), "{<a}|{<a}");
    EXPECT_EQ(split(v, "<<a>"), "<|{<a>}");
}

TEST(SpecialTokens, NoTextIsNoFragment) {
    const Vocabulary v = vocabulary_of({control("<s>")});
    EXPECT_EQ(split(v, ""), "");
    EXPECT_EQ(split(v, "<s><s>"), "{<s>}|{<s>}");
}

TEST(SpecialTokens, SwallowTheSpaceTheyAskFor) {
    Token left = control("<l>");
    left.strip_left = true;
    Token right = control("<r>");
    right.strip_right = true;
    const Vocabulary v = vocabulary_of({left, right});
    EXPECT_EQ(split(v, "a \n\u3000<l> b"), "a|{<l>}| b");
    EXPECT_EQ(split(v, "a <r> \n\u3000 b"), "a |{<r>}|b");
    EXPECT_EQ(split(v, " <l> <r> "), "{<l>}| |{<r>}");
    EXPECT_EQ(split(v, "\x80\x80 <l>"), "\x80\x80|{<l>}");
}

TEST(SpecialTokens, Hazard077_UsersCannotWriteControlTokens) {
    const Vocabulary v =
        vocabulary_of({control("<|im_end|>"), control("<|im_"), user_defined("!")});
    const std::string text = "A<|im_end|>B<|im_end|>";
    EXPECT_EQ(split(v, text, {.literal = {{1, 11}}}), "A<|im_end|>B|{<|im_end|>}");
    // One typed byte is enough, wherever it lies; the shorter token before it still counts.
    EXPECT_EQ(split(v, text, {.literal = {{1, 2}}}), "A<|im_end|>B|{<|im_end|>}");
    EXPECT_EQ(split(v, text, {.literal = {{10, 11}}}), "A|{<|im_}|end|>B|{<|im_end|>}");
    EXPECT_EQ(split(v, text, {.literal = {{0, 1}, {11, 12}}}), "A|{<|im_end|>}|B|{<|im_end|>}");
    EXPECT_EQ(split(v, text, {.literal = {{0, text.size()}}}), text);
    EXPECT_EQ(split(v, "!", {.literal = {{0, 1}}}), "{!}");
    EXPECT_EQ(split(v, "<|im_end|>", {.literal = {{4, 4}}}), "{<|im_end|>}");
}

TEST(SpecialTokens, Hazard073_TokensThatOverlapThemselves) {
    // Every place starts a long match that fails; a quadratic search would take minutes.
    const Vocabulary v = vocabulary_of({control(std::string(1000, 'a') + "b"), control("aaaa")});
    const std::string text(1'000'000, 'a');
    EXPECT_EQ(SpecialTokens(v).split(text, true, {}).size(), 250'000u);
}

TEST(SpecialTokens, Hazard072_EmptyAndRepeatedTokens) {
    const Vocabulary v = vocabulary_of({control(""), control("<s>"), user_defined("<s>")});
    EXPECT_EQ(split(v, "a<s>"), "a|{<s>}");
    EXPECT_EQ(split(v, "a<s>", {.parse_control = false}), "a<s>");
}

}  // namespace
}  // namespace greenroom::runtime
