#include "cli/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/terminal.hpp"

namespace greenroom::cli {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);
constexpr auto kBetweenUpdates = std::chrono::milliseconds(100);
constexpr int kNarrowestBar = 4;
constexpr int kWidestBar = 30;
constexpr int kUsualWidth = 80;

}  // namespace

std::string progress_line(
    const ProgressOf& of, std::uint64_t done, std::uint64_t total, double seconds, int width) {
    done = std::min(done, total);
    const std::string amounts =
        fmt::format("{} of {}, {:.0f} s", of.amount(done), of.amount(total), seconds);
    // Brackets, blanks, and the last column, in which some terminals break the line.
    const int room = width - static_cast<int>(of.verb.size() + amounts.size()) - 5;
    if (room < kNarrowestBar) {
        return amounts.substr(0, static_cast<std::size_t>(std::max(width - 1, 0)));
    }
    const int bar = std::min(room, kWidestBar);
    const double part = total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
    const int filled = static_cast<int>(part * bar);
    return fmt::format("{} [{:#<{}}{:.<{}}] {}", of.verb, "", filled, "", bar - filled, amounts);
}

Progress::Progress(const ProgressOf& of, bool wanted)
    : of_(of), wanted_(wanted && is_terminal(STDERR_FILENO)), next_(start_ + kPatience) {}

Progress::~Progress() {
    if (shown_columns_ == 0) return;
    const std::size_t echo = 2;  // the terminal's "^C", where that ended the work
    fmt::print(stderr, "\r{:{}}\r", "", shown_columns_ + echo);
    std::fflush(stderr);
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
    if (!wanted_) return;
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + kBetweenUpdates;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const int width = terminal_width(STDERR_FILENO);
    const std::string line =
        progress_line(of_, done, total, seconds, width == 0 ? kUsualWidth : width);
    fmt::print(stderr, "\r{:<{}}", line, shown_columns_);
    std::fflush(stderr);
    shown_columns_ = std::max(shown_columns_, line.size());
}

}  // namespace greenroom::cli
