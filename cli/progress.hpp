// Shows how far work has come, where somebody may be waiting for it: on a terminal, after half a
// second.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace greenroom::cli {

// What is being done, and how its amounts read.
struct ProgressOf {
    std::string_view verb;  // "loading"
    std::string (*amount)(std::uint64_t);
};

// "loading [#####.....] 12.3 GiB of 26.4 GiB, 8 s", in fewer than `width` columns.
std::string progress_line(
    const ProgressOf& of, std::uint64_t done, std::uint64_t total, double seconds, int width);

// Any thread may call update. Takes its line away when it goes.
class Progress {
 public:
    Progress(const ProgressOf& of, bool wanted);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::uint64_t done, std::uint64_t total);

 private:
    using Clock = std::chrono::steady_clock;

    const ProgressOf of_;
    const bool wanted_;
    const Clock::time_point start_ = Clock::now();
    std::mutex mutex_;
    Clock::time_point next_;
    std::size_t shown_columns_ = 0;
};

}  // namespace greenroom::cli
