#include "tests/support/pty.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace greenroom::tests {
namespace {

using Clock = std::chrono::steady_clock;

winsize size_of(int columns, int rows) {
    winsize size = {};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = static_cast<unsigned short>(rows);
    return size;
}

}  // namespace

Pty::Pty(const ProgramCall& call, const Window& window) : screen_(window.columns, window.rows) {
    ProgramCall with_term = call;
    with_term.environment.emplace_back("TERM", window.term);
    winsize size = size_of(window.columns, window.rows);
    child_ = forkpty(&terminal_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    become_program(with_term);
    _exit(127);
}

Pty::~Pty() {
    if (child_ > 0) {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
    }
    if (terminal_ >= 0) close(terminal_);
}

void Pty::type(std::string_view keys) {
    while (!keys.empty()) {
        const ssize_t n = ::write(terminal_, keys.data(), keys.size());
        if (n <= 0 && errno != EINTR) return;
        if (n > 0) keys.remove_prefix(static_cast<std::size_t>(n));
    }
}

void Pty::paste(std::string_view text) {
    const std::size_t on = written_.rfind("\x1b[?2004h"), off = written_.rfind("\x1b[?2004l");
    const bool marked = on != std::string::npos && (off == std::string::npos || on > off);
    std::string keys(text);
    for (char& c : keys) c = c == '\n' ? '\r' : c;
    type(marked ? "\x1b[200~" + keys + "\x1b[201~" : keys);
}

void Pty::resize(int columns) {
    const winsize size = size_of(columns, 40);
    ioctl(terminal_, TIOCSWINSZ, &size);
    screen_.resize(columns);
}

termios Pty::modes() const {
    termios modes = {};
    tcgetattr(terminal_, &modes);
    return modes;
}

void Pty::send(int signal) const {
    kill(child_, signal);
}

bool Pty::read_some(int timeout_ms) {
    pollfd fd = {terminal_, POLLIN, 0};
    if (poll(&fd, 1, timeout_ms) <= 0) return false;
    std::array<char, 65536> buffer;
    const ssize_t n = ::read(terminal_, buffer.data(), buffer.size());
    if (n <= 0) return false;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
    written_ += bytes;
    screen_.write(bytes);
    return true;
}

bool Pty::wait_for(std::string_view text, int timeout_s) {
    const auto end = Clock::now() + std::chrono::seconds(timeout_s);
    while (true) {
        const std::size_t at = written_.find(text, seen_);
        if (at != std::string::npos) {
            seen_ = at + text.size();
            return true;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0 || !read_some(static_cast<int>(left))) break;
    }
    ADD_FAILURE() << "\"" << text << "\" did not appear; the screen:\n" << screen_.text();
    return false;
}

void Pty::settle(int quiet_ms) {
    while (read_some(quiet_ms)) {
    }
    seen_ = written_.size();
}

ProgramEnd Pty::wait_end(int timeout_s) {
    ProgramEnd result;
    const auto end = Clock::now() + std::chrono::seconds(timeout_s);
    int status = 0;
    // Drains the terminal meanwhile: a program that cannot write does not end.
    while (waitpid(child_, &status, WNOHANG) == 0) {
        if (Clock::now() >= end) {
            result.timed_out = true;
            kill(child_, SIGKILL);
            waitpid(child_, &status, 0);
            break;
        }
        read_some(10);
    }
    child_ = -1;
    while (read_some(0)) {
    }
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    result.out = written_;
    return result;
}

}  // namespace greenroom::tests
