// Reads batches of file ranges through a queue: cut into chunks, urgent batches first, and every
// way in which a disk can answer badly handled in one place (HAZARDS 89-98). Knows no experts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/disk/disk_file.hpp"
#include "io/disk/range_cutter.hpp"
#include "io/disk/read_queue.hpp"
#include "io/result.hpp"

namespace greenroom::io {

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
    double busy_s = 0;  // how long at least one read was in flight
};

// Owned by one thread; only wake() may be called from others. Allocates nothing per batch once as
// many have been under way together as ever are.
class BatchReader {
 public:
    // `files` as in ModelFiles::files; they must outlive this.
    BatchReader(std::span<const File> files,
                std::unique_ptr<ReadQueue> queue,
                const BatchReaderSettings& settings = {});
    ~BatchReader();

    // Memory that will be read into again and again; see ReadQueue. Before the first step.
    Result<void> register_memory(std::span<const std::span<std::byte>> regions) {
        return queue_->register_memory(regions);
    }

    // Contract: `id` is not that of a batch under way; there is a piece with bytes, and at most
    // RangeCutter::kMostPieces.
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
        Cut cut;
        BatchId batch = 0;
        int attempts = 0;
        bool must_buffer = false;            // go through the page cache whatever the file allows
        bool is_direct = false;              // how it was submitted
        Clock::time_point first_tried = {};  // since it last made progress
    };
    struct Flight {
        std::uint64_t read = 0;  // its id in the queue
        Chunk chunk;
        Clock::time_point submitted;
    };
    struct Batch {
        BatchId id = 0;
        Urgency urgency = Urgency::demand;
        RangeCutter ranges;
        std::size_t chunks_out = 0;  // in flight, or waiting for another try
        bool started = false;
        std::optional<Error> error = {};
    };

    Batch* find(BatchId id);
    void submit_what_fits();
    // Retries first, then demands, then guesses while `guesses` of them may still go.
    std::optional<Chunk> next_chunk(std::size_t& guesses);
    DiskRead prepare(Chunk& chunk) const;
    std::size_t guesses_in_flight();

    void complete(const DiskReadDone& done);
    // What to do after a read of `chunk` that ended with `result`.
    void judge(Chunk chunk, std::int64_t result);
    void judge_error(Chunk chunk, int code);
    void judge_short(Chunk chunk, std::uint64_t got);
    void repeat(const Chunk& chunk);
    void retry(Chunk chunk, std::string_view why);
    void fail(const Chunk& chunk, std::string_view why);
    void finish_chunk(Batch& batch, const Cut& cut);
    void drop_waiting(Batch& batch);

    void give_up_on_late_reads();
    void end_without_answer(BatchId id, const Cut& cut, bool memory_lost);
    bool is_late(Clock::time_point since) const {
        return Clock::now() - since >= settings_.patience;
    }

    std::vector<DiskFile> files_;
    std::unique_ptr<ReadQueue> queue_;
    BatchReaderSettings settings_;
    std::vector<Batch> batches_;  // in order of arrival
    std::vector<Chunk> retries_;  // the last one first
    std::vector<Flight> flights_;
    std::vector<DiskRead> reads_;  // being submitted
    std::uint64_t next_read_ = 0;
    std::optional<Clock::time_point> stuck_since_;  // nothing in flight and the queue takes nothing
    std::vector<DiskReadDone> completed_;
    std::vector<BatchDone> ended_;
    DiskCounters counters_;
};

}  // namespace greenroom::io
