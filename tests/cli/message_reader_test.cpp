#include "cli/message_reader.hpp"

#include <deque>
#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

// Lines that were typed in advance; the input ends behind them.
class Typed : public LineReader {
 public:
    explicit Typed(std::initializer_list<const char*> lines) {
        for (const char* line : lines) next_.push_back({TypedLine::End::line, line});
    }
    TypedLine read(std::string_view prompt) override {
        prompts += prompt;
        if (next_.empty()) return {TypedLine::End::input};
        TypedLine line = next_.front();
        next_.pop_front();
        return line;
    }
    void remember(const std::string& message) override { remembered.push_back(message); }
    void press_ctrl_c(bool behind_text) {
        next_.push_back({TypedLine::End::interrupted, "", behind_text});
    }

    std::string prompts;
    std::vector<std::string> remembered;

 private:
    std::deque<TypedLine> next_;
};

TEST(ReadMessage, TakesALineAsAMessage) {
    Typed lines{"hello"};
    const Message message = read_message(lines);
    EXPECT_EQ(message.text, "hello");
    EXPECT_FALSE(message.is_command);
    EXPECT_EQ(lines.remembered, std::vector<std::string>{"hello"});
    EXPECT_EQ(read_message(lines).end, TypedLine::End::input);
}

TEST(ReadMessage, QuotesSpanLines) {
    Typed lines{"\"\"\"one", "", "two\"\"\"", "next"};
    EXPECT_EQ(read_message(lines).text, "one\n\ntwo");
    EXPECT_EQ(lines.prompts, "> ... ... ");
    EXPECT_EQ(read_message(lines).text, "next");
}

TEST(ReadMessage, QuotesMayStandAloneOrInOneLine) {
    Typed lines{"\"\"\"", "one", "\"\"\"", "\"\"\"all here\"\"\""};
    EXPECT_EQ(read_message(lines).text, "one");
    EXPECT_EQ(read_message(lines).text, "all here");
}

TEST(ReadMessage, TheEndOfTheInputClosesQuotes) {
    Typed lines{"\"\"\"one", "two"};
    EXPECT_EQ(read_message(lines).text, "one\ntwo");
    EXPECT_EQ(read_message(lines).end, TypedLine::End::input);
}

TEST(ReadMessage, ASlashMakesACommandUnlessQuoted) {
    Typed lines{"/help", "\"\"\"/help\"\"\"", "/etc\nis a folder"};
    EXPECT_TRUE(read_message(lines).is_command);
    EXPECT_FALSE(read_message(lines).is_command);
    EXPECT_FALSE(read_message(lines).is_command);  // pasted: commands have one line
}

TEST(ReadMessage, Hazard162_AnInterruptDropsTheWholeMessage) {
    Typed lines{"\"\"\"one"};
    lines.press_ctrl_c(false);
    const Message message = read_message(lines);
    EXPECT_EQ(message.end, TypedLine::End::interrupted);
    EXPECT_TRUE(message.dropped_text);
    EXPECT_EQ(message.text, "");
}

TEST(ReadMessage, Hazard162_BytesThatAreNoTextBecomeReplacementCharacters) {
    Typed lines{"a\xff\xc3(b"};
    EXPECT_EQ(read_message(lines).text, "a\uFFFD\uFFFD(b");
}

}  // namespace
}  // namespace greenroom::cli
