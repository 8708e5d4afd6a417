// Chooses how a disk is read: io_uring where the system allows it, threads where not.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "io/disk/read_queue.hpp"
#include "io/result.hpp"

namespace greenroom::io {

enum class QueueKind { automatic, uring, pread };

struct MadeQueue {
    std::unique_ptr<ReadQueue> queue;
    std::string notice;  // why it is not io_uring, where that was to be tried
};

// An Error only where io_uring is insisted on.
Result<MadeQueue> make_read_queue(QueueKind kind, std::size_t depth);

}  // namespace greenroom::io
