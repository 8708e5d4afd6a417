// A disk for tests: answers each read as it is told to, in the order it is told to.
#pragma once

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

#include "io/disk/read_queue.hpp"

namespace greenroom::tests {

class FakeReadQueue final : public io::ReadQueue {
 public:
    // Answers the n-th read submitted (from 0): bytes, -errno, or kNever. `real()` reads.
    using Answer = std::function<std::int64_t(const io::DiskRead& read, std::size_t n)>;
    static constexpr std::int64_t kNever = -1'000'000;

    explicit FakeReadQueue(Answer answer, std::size_t depth = 4)
        : answer_(std::move(answer)), depth_(depth) {}

    static std::int64_t real(const io::DiskRead& read) {
        const ssize_t got = ::pread(
            read.descriptor, read.to.data(), read.to.size(), static_cast<off_t>(read.offset));
        return got < 0 ? -errno : got;
    }
    // As a disk that stops after `most` bytes.
    static std::int64_t shortened(io::DiskRead read, std::size_t most) {
        read.to = read.to.first(std::min(most, read.to.size()));
        return real(read);
    }

    // The order in which waiting reads complete: an index into them; the first one without.
    std::function<std::size_t(std::size_t n_waiting)> pick;

    std::string_view name() const override { return "fake"; }
    std::size_t depth() const override { return depth_; }
    std::size_t submit(std::span<const io::DiskRead> reads) override {
        const std::size_t n = std::min(reads.size(), depth_ - waiting_.size() - lost_);
        ++n_submits;
        for (const io::DiskRead& read : reads.first(n)) {
            submitted.push_back(read);
            waiting_.push_back({read, submitted.size() - 1});
        }
        return n;
    }
    // One completion at a time.
    std::size_t wait(std::span<io::DiskReadDone> out, std::chrono::milliseconds timeout) override {
        while (!waiting_.empty()) {
            const std::size_t at = pick ? pick(waiting_.size()) : 0;
            const Waiting chosen = waiting_[at];
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
            const std::int64_t result = answer_(chosen.read, chosen.n);
            if (result != kNever) {
                out[0] = {chosen.read.id, result};
                return 1;
            }
            ++lost_;
        }
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, timeout, [this] { return is_woken_; });
        is_woken_ = false;
        return 0;
    }
    void cancel(std::uint64_t id) override { cancelled.push_back(id); }
    void wake() override {
        const std::lock_guard lock(mutex_);
        is_woken_ = true;
        woken_.notify_all();
    }
    io::Result<void> register_memory(std::span<const std::span<std::byte>> regions) override {
        n_regions = regions.size();
        if (refusal.empty()) return {};
        return io::Error{refusal};
    }

    std::vector<io::DiskRead> submitted;
    std::vector<std::uint64_t> cancelled;
    std::size_t n_submits = 0, n_regions = 0;
    std::string refusal;  // of register_memory

 private:
    struct Waiting {
        io::DiskRead read;
        std::size_t n;
    };
    Answer answer_;
    std::size_t depth_;
    std::vector<Waiting> waiting_;
    std::size_t lost_ = 0;
    std::mutex mutex_;  // of what follows
    std::condition_variable woken_;
    bool is_woken_ = false;
};

}  // namespace greenroom::tests
