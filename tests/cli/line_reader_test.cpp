#include "cli/line_reader.hpp"

#include <array>
#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace greenroom::cli {
namespace {

// Lines from a pipe that holds `input` and then ends.
class Lines {
 public:
    explicit Lines(std::string_view input) {
        if (pipe(ends_.data()) != 0) std::abort();
        writer_ = std::thread([this, text = std::string(input)] {
            std::string_view left = text;
            while (!left.empty()) {
                const ssize_t n = write(ends_[1], left.data(), left.size());
                if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
            }
            close(ends_[1]);
        });
    }
    ~Lines() {
        writer_.join();
        close(ends_[0]);
    }
    TypedLine next() { return reader().read("> "); }

    Signals signals;

 private:
    PlainLines& reader() {
        if (!reader_) reader_ = std::make_unique<PlainLines>(ends_[0], signals);
        return *reader_;
    }
    std::array<int, 2> ends_ = {-1, -1};
    std::thread writer_;
    std::unique_ptr<PlainLines> reader_;
};

TEST(PlainLines, GivesLinesWithoutTheirBreaks) {
    Lines lines("one\ntwo\r\n\nlast without");
    for (const char* want : {"one", "two", "", "last without"}) {
        const TypedLine line = lines.next();
        EXPECT_EQ(line.end, TypedLine::End::line);
        EXPECT_EQ(line.text, want);
    }
    EXPECT_EQ(lines.next().end, TypedLine::End::input);
    EXPECT_EQ(lines.next().end, TypedLine::End::input);
}

TEST(PlainLines, Hazard162_EndsWithAnEmptyInput) {
    EXPECT_EQ(Lines("").next().end, TypedLine::End::input);
}

TEST(PlainLines, Hazard162_KeepsBytesThatAreNoText) {
    const std::string bytes("\0\x01\xff\xfe\x80", 5);
    EXPECT_EQ(Lines(bytes + "\n").next().text, bytes);
}

TEST(PlainLines, Hazard162_TakesAVeryLongLine) {
    const std::string text(100 << 20, 'x');
    Lines lines(text + "\nnext\n");
    EXPECT_EQ(lines.next().text.size(), text.size());
    EXPECT_EQ(lines.next().text, "next");
}

TEST(PlainLines, Hazard162_AnInterruptDropsWhatHasCome) {
    std::array<int, 2> ends = {-1, -1};
    ASSERT_EQ(pipe(ends.data()), 0);
    Signals signals;
    PlainLines lines(ends[0], signals);
    kill(getpid(), SIGINT);
    EXPECT_EQ(lines.read("").end, TypedLine::End::interrupted);
    ASSERT_EQ(write(ends[1], "next\n", 5), 5);
    EXPECT_EQ(lines.read("").text, "next");
    close(ends[0]);
    close(ends[1]);
}

}  // namespace
}  // namespace greenroom::cli
