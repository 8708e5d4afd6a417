// The thread that has slots copied to a device, at a chosen rate at most. Waits for what is still
// on its way to the source. Knows who comes first; the link carries.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cache/tiers/link.hpp"
#include "cache/tiers/tier.hpp"
#include "io/disk/batch_reader.hpp"

namespace greenroom::cache {

struct CopySettings {
    double bytes_per_second = 0;  // 0: as fast as memory is
    // What a demand may have to wait for; at most what the link carries in a fifth of a
    // millisecond.
    std::size_t chunk_bytes = std::size_t{1} << 20;
};

// Any thread may call anything.
class CopyEngine {
 public:
    explicit CopyEngine(const CopySettings& settings,
                        std::unique_ptr<Link> link = std::make_unique<MemoryLink>());
    // Completes demands; abandons the rest.
    ~CopyEngine();

    // Copies `from` to `to` once `from` has landed, and settles to.landing, which expects it. Both
    // slots and their tenants must stay until then; `from` counts a reader meanwhile.
    void copy(Slot& from, Slot& to, io::Urgency urgency);
    // The same while there is nothing else to copy, not even a guess. The last one asked for comes
    // first: its tenant will stay longest.
    void copy_when_idle(Slot& from, Slot& to);
    // A copy that turns out to be wanted now.
    void promote(const Slot& to);
    // All copies out of a slot, which is needed for something else.
    void promote_from(const Slot& from);
    // Takes back what is no demand and has not begun; its landing then fails, with "withdrawn".
    // Nothing happens when it is too late.
    void withdraw(const Slot& to);
    // Ends whatever is copied to a slot that nobody wants filled any more, also between two chunks.
    void abandon(const Slot& to);

    std::uint64_t bytes_copied() const;
    double busy_seconds() const;  // that the link spent on them

 private:
    using Clock = std::chrono::steady_clock;
    struct Job {
        Slot* from;
        Slot* to;
        std::uint64_t done = 0;  // bytes
        bool is_abandoned = false;
        std::uint64_t bytes() const { return from->bytes - to->shift; }
    };
    using Jobs = std::vector<Job>;
    enum Rank : std::size_t { kDemand, kGuess, kIdle, kRanks };

    void add(Slot& from, Slot& to, Rank rank);
    void serve(const std::stop_token& stop);
    struct Next {
        const Job* job = nullptr;
        Rank rank = kDemand;
    };
    // A job that can go on, of the lowest rank that has one.
    Next next_job() const;
    bool has_jobs() const;
    // Among the jobs of `first` and later ranks: the queue that copies to `to`, or null.
    Jobs* queue_of(const Slot& to, Rank first);
    // `rank` is the job's.
    void copy_chunk(const Job& job, Rank rank, std::unique_lock<std::mutex>& lock);
    // The next `bytes` of a job whose source has landed; the last of them have arrived on return.
    io::Result<void> carry(const Job& job, std::uint64_t bytes, Rank rank);
    void pace(std::uint64_t bytes);
    // Fails a job's landing, for the caller to erase it; false while a chunk of it is under way,
    // whose end then does.
    bool end(Job& job) const;
    static void finish(const Job& job, const io::Result<void>& source);

    CopySettings settings_;
    const std::unique_ptr<Link> link_;
    Clock::time_point free_at_{};  // when the link has carried what it was given

    mutable std::mutex mutex_;
    std::condition_variable_any posted_;
    std::array<Jobs, kRanks> jobs_;
    const Slot* current_ = nullptr;  // what a chunk is being copied to
    std::uint64_t bytes_copied_ = 0;
    double busy_seconds_ = 0;
    std::jthread thread_;  // last: it uses the rest
};

}  // namespace greenroom::cache
