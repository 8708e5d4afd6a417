// Reads batches of file ranges through a queue: cut into chunks, urgent batches first, and every
// way in which a disk can answer badly handled in one place (HAZARDS 89-98). Knows no experts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/disk/aligned_range.hpp"
#include "io/disk/disk_file.hpp"
#include "io/disk/read_queue.hpp"
#include "io/file_range.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// One range of a batch. `to` begins at a multiple of kDiskAlignment and has room for
// widen(from).bytes; the range's own bytes begin at to + widen(from).skip.
struct BatchPiece {
    FileRange from;
    std::byte* to = nullptr;
};

enum class Urgency { demand, guess };

struct BatchReaderSettings {
    std::size_t chunk_bytes = std::size_t{2} << 20;  // of one read; a multiple of kDiskAlignment
    std::size_t guess_depth = 4;  // most chunks of guesses in flight: what a demand may wait for
    int attempts = 3;             // at a read that fails with EIO or makes no progress
    std::chrono::milliseconds patience{30'000};  // for one read
};

using BatchId = std::uint64_t;

struct BatchDone {
    BatchId id = 0;
    Result<void> result;
    // A read that never completed may still write there: the memory must not be used again.
    bool memory_lost = false;
};

struct DiskCounters {
    std::uint64_t bytes_read = 0;  // sectors included
    std::uint64_t reads = 0;
    std::uint64_t retries = 0;
};

// Owned by one thread; only wake() may be called from others.
class BatchReader {
 public:
    // `files` as in ModelFiles::files; they must outlive this.
    BatchReader(std::span<const File> files,
                std::unique_ptr<ReadQueue> queue,
                const BatchReaderSettings& settings = {});
    ~BatchReader();

    // Contract: `id` is not that of a batch under way; there is a piece with bytes.
    void start(BatchId id, std::span<const BatchPiece> pieces, Urgency urgency);
    // A guess has become a demand: what is still waiting goes ahead of all guesses.
    void promote(BatchId id);
    // Takes back a batch of which no read has been submitted; false when it is too late.
    bool cancel(BatchId id);

    // Submits what there is room for, waits up to `timeout` for completions, and returns the
    // batches that ended; valid until the next call.
    std::span<const BatchDone> step(std::chrono::milliseconds timeout);
    void wake() { queue_->wake(); }

    bool idle() const { return batches_.empty(); }
    const DiskCounters& counters() const { return counters_; }
    std::string_view queue_name() const { return queue_->name(); }
    std::span<const DiskFile> files() const { return files_; }

 private:
    using Clock = std::chrono::steady_clock;

    struct Chunk {
        BatchId batch = 0;
        std::uint32_t file = 0;
        std::uint64_t offset = 0;
        std::span<std::byte> to;
        std::uint64_t needed = 0;  // bytes from offset on that the batch is about
        int attempts = 0;
        bool must_buffer = false;  // go through the page cache whatever the file allows
        bool is_direct = false;    // how it was submitted
        Urgency urgency = Urgency::demand;
        Clock::time_point submitted = {};
    };
    struct Batch {
        std::size_t chunks_left = 0;
        bool started = false;
        std::optional<Error> error;
    };

    void cut(BatchId id, const BatchPiece& piece, Urgency urgency);
    void submit_from(std::deque<Chunk>& waiting, std::size_t limit);
    void complete(const DiskReadDone& done);
    // What to do after a read of `chunk` that ended with `result`.
    void judge(Chunk chunk, std::int64_t result);
    void judge_error(Chunk chunk, int code);
    void judge_short(Chunk chunk, std::uint64_t got);
    void retry(Chunk chunk, std::string_view why);
    void fail(const Chunk& chunk, std::string message);
    void end_if_done(BatchId id);
    void drop_waiting(BatchId id);
    void give_up_on_late_reads();

    std::vector<DiskFile> files_;
    std::unique_ptr<ReadQueue> queue_;
    BatchReaderSettings settings_;
    std::deque<Chunk> demands_, guesses_;
    std::unordered_map<std::uint64_t, Chunk> in_flight_;  // by read id
    std::unordered_map<BatchId, Batch> batches_;
    std::size_t guesses_in_flight_ = 0;
    std::uint64_t next_read_ = 0;
    std::vector<DiskReadDone> completed_;
    std::vector<BatchDone> ended_;
    DiskCounters counters_;
};

}  // namespace greenroom::io
