// Reads that are in flight together: submitted, later complete, in any order. The seam at which
// tests put a disk that is short, slow, broken or out of order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "io/result.hpp"

namespace greenroom::io {

// Memory and descriptor must stay until the read completes.
struct DiskRead {
    std::uint64_t id = 0;  // comes back with the completion
    int descriptor = -1;
    std::uint64_t offset = 0;
    std::span<std::byte> to;
};

struct DiskReadDone {
    std::uint64_t id = 0;
    std::int64_t result = 0;  // bytes read, or -errno
};

// One caller at a time, except for wake(). A queue that is destroyed waits for what is in
// flight.
class ReadQueue {
 public:
    virtual ~ReadQueue() = default;
    virtual std::string_view name() const = 0;  // "io_uring", "pread"
    // Most reads in flight.
    virtual std::size_t depth() const = 0;
    // Memory that will be read into again and again, so that the system may map it once instead of
    // for every read. An Error when it refuses; reads work all the same. Once, before the first
    // submit; the regions must outlive the queue.
    virtual Result<void> register_memory(std::span<const std::span<std::byte>>) { return {}; }
    // Takes the first reads, as many as there is room for, and returns how many.
    virtual std::size_t submit(std::span<const DiskRead> reads) = 0;
    // Fills in what has completed and returns how many; waits up to `timeout` for the first.
    virtual std::size_t wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) = 0;
    // Asks that a read end early. It completes all the same, now or never.
    virtual void cancel(std::uint64_t) {}
    // Ends the current or the next wait early. Any thread.
    virtual void wake() = 0;
};

}  // namespace greenroom::io
