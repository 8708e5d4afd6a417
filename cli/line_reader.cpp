#include "cli/line_reader.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

#include "cli/edited_lines.hpp"
#include "cli/terminal.hpp"

namespace greenroom::cli {
namespace {

// Waits until one of the two descriptors can be read, and says whether the second is one of them.
bool interrupted_first(int input, Notice& interrupted) {
    std::array<pollfd, 2> fds = {{{input, POLLIN, 0}, {interrupted.descriptor(), POLLIN, 0}}};
    while (poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
    }
    return fds[1].revents != 0 && interrupted.take();
}

}  // namespace

void PlainLines::show(std::string_view text) const {
    if (!is_terminal(descriptor_)) return;
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

TypedLine PlainLines::read(std::string_view prompt) {
    show(prompt);
    while (true) {
        const std::size_t end = buffer_.find('\n', searched_);
        if (end != std::string::npos) {
            TypedLine line{TypedLine::End::line, buffer_.substr(0, end)};
            buffer_.erase(0, end + 1);
            searched_ = 0;
            if (line.text.ends_with('\r')) line.text.pop_back();
            return line;
        }
        searched_ = buffer_.size();
        if (interrupted_first(descriptor_, signals_.interrupted())) {
            buffer_.clear();
            searched_ = 0;
            show("\n");
            return {TypedLine::End::interrupted};
        }
        std::array<char, 65536> piece;
        const ssize_t n = ::read(descriptor_, piece.data(), piece.size());
        if (n < 0 && errno == EINTR) continue;
        if (n > 0) {
            buffer_.append(piece.data(), static_cast<std::size_t>(n));
        } else if (!buffer_.empty()) {
            buffer_ += '\n';  // the last line of a file may have no line break
        } else {
            show("\n");
            return {TypedLine::End::input};
        }
    }
}

std::unique_ptr<LineReader> make_line_reader(Signals& signals) {
    if (terminal_can_edit()) {
        if (auto edited = EditedLines::open(signals)) return edited;
    }
    return std::make_unique<PlainLines>(STDIN_FILENO, signals);
}

}  // namespace greenroom::cli
