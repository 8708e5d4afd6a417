// Shows how far a load has come, where somebody may be waiting for it: on a terminal, after half a
// second.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace greenroom::cli {

// "loading [#####.....] 12.3 of 26.4 GiB, 8 s", in at most `width` columns.
std::string progress_line(std::uint64_t done, std::uint64_t total, double seconds, int width);

// Any thread may call update. Takes its line away when it goes.
class LoadProgress {
 public:
    explicit LoadProgress(bool wanted);
    ~LoadProgress();
    LoadProgress(const LoadProgress&) = delete;
    LoadProgress& operator=(const LoadProgress&) = delete;

    void update(std::uint64_t done, std::uint64_t total);

 private:
    using Clock = std::chrono::steady_clock;

    const bool wanted_;
    const Clock::time_point start_ = Clock::now();
    std::mutex mutex_;
    Clock::time_point next_;
    std::size_t shown_columns_ = 0;
};

}  // namespace greenroom::cli
