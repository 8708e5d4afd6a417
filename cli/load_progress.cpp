#include "cli/load_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/human.hpp"
#include "cli/terminal.hpp"

namespace greenroom::cli {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);
constexpr auto kBetweenUpdates = std::chrono::milliseconds(100);
constexpr int kWidestBar = 30;
constexpr int kUsualWidth = 80;

}  // namespace

std::string progress_line(std::uint64_t done, std::uint64_t total, double seconds, int width) {
    const double part =
        total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const std::string numbers = fmt::format(
        "{} of {}, {:.0f} s", human_bytes(std::min(done, total)), human_bytes(total), seconds);
    const int room = width - static_cast<int>(numbers.size()) - 12;
    if (room < 4) return numbers.substr(0, static_cast<std::size_t>(std::max(width - 1, 0)));
    const int bar = std::min(room, kWidestBar);
    const int filled = static_cast<int>(part * bar);
    return fmt::format("loading [{:#<{}}{:.<{}}] {}", "", filled, "", bar - filled, numbers);
}

LoadProgress::LoadProgress(bool wanted)
    : wanted_(wanted && is_terminal(STDERR_FILENO)), next_(start_ + kPatience) {}

LoadProgress::~LoadProgress() {
    if (shown_columns_ == 0) return;
    fmt::print(stderr, "\r{:{}}\r", "", shown_columns_);
    std::fflush(stderr);
}

void LoadProgress::update(std::uint64_t done, std::uint64_t total) {
    if (!wanted_) return;
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + kBetweenUpdates;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const int width = terminal_width(STDERR_FILENO);
    const std::string line =
        progress_line(done, total, seconds, width == 0 ? kUsualWidth : width);
    fmt::print(stderr, "\r{:<{}}", line, shown_columns_);
    std::fflush(stderr);
    shown_columns_ = std::max(shown_columns_, line.size());
}

}  // namespace greenroom::cli
