// Fills memory from many ranges of a model's files, with large reads on several threads. Knows
// ranges and bytes, not what they hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "io/file.hpp"
#include "io/file_range.hpp"
#include "io/result.hpp"

namespace greenroom::io {

struct ReadJob {
    FileRange from;           // `file` indexes the files given
    std::span<std::byte> to;  // from.bytes long; no other job's memory overlaps it
};

struct ReadHooks {
    // Bytes read so far, and of all jobs. Called on the thread that called read_ranges, and on no
    // other; the last call has done == total unless the read fails.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
    std::stop_token stop;  // asked before every few MiB
};

// Returns when every job is done, or with the first error when every thread has ended; the error
// after a requested stop is "stopped". What the jobs' memory holds after an error is unspecified. A
// file that changed since it was opened is an error. Files and memory must stay until this returns.
Result<void> read_ranges(std::span<const File> files,
                         std::span<const ReadJob> jobs,
                         int n_threads,
                         const ReadHooks& hooks = {});

}  // namespace greenroom::io
