// An emulated link: a thread that copies slots at a chosen rate, as a DMA engine copies them to a
// device. Waits for what is still on its way to the source.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "cache/tiers/tier.hpp"
#include "io/disk/batch_reader.hpp"

namespace greenroom::cache {

struct CopySettings {
    double bytes_per_second = 0;                     // 0: as fast as memory is
    std::size_t chunk_bytes = std::size_t{1} << 20;  // what a demand may have to wait for
};

// Any thread may call anything.
class CopyEngine {
 public:
    explicit CopyEngine(const CopySettings& settings);
    // Completes what was asked for.
    ~CopyEngine();

    // Copies `from` to `to` once `from` has landed, and settles to.landing, which expects it. Both
    // slots and their tenants must stay until then; `from` counts a reader meanwhile.
    void copy(Slot& from, Slot& to, io::Urgency urgency);
    // A guess that turns out to be wanted now.
    void promote(const Slot& to);
    // Takes back a guess of which nothing has been copied yet; its landing then fails, with
    // "withdrawn". Nothing happens when it is too late.
    void withdraw(const Slot& to);

    std::uint64_t bytes_copied() const;

 private:
    using Clock = std::chrono::steady_clock;
    struct Job {
        Slot* from;
        Slot* to;
        std::uint64_t done = 0;  // bytes
    };

    void serve(const std::stop_token& stop);
    // The next chunk of the first job that can go on: demands before guesses.
    Job* next_job();
    void copy_chunk(Job& job, std::unique_lock<std::mutex>& lock);
    void pace(std::uint64_t bytes);
    static void finish(const Job& job, const io::Result<void>& source);

    const CopySettings settings_;
    Clock::time_point free_at_{};  // when the link has carried what it was given

    mutable std::mutex mutex_;
    std::condition_variable_any posted_;
    std::vector<Job> demands_, guesses_;  // first come, first served
    const Slot* current_ = nullptr;       // what a chunk is being copied to
    std::uint64_t bytes_copied_ = 0;
    std::jthread thread_;  // last: it uses the rest
};

}  // namespace greenroom::cache
