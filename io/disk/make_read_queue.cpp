#include "io/disk/make_read_queue.hpp"

#include <fmt/format.h>

#include "io/disk/pread_queue.hpp"
#include "io/disk/uring_queue.hpp"

namespace greenroom::io {

Result<MadeQueue> make_read_queue(QueueKind kind, std::size_t depth) {
    MadeQueue out;
    if (kind != QueueKind::pread) {
        auto uring = UringQueue::create(depth);
        if (uring) {
            out.queue = std::move(*uring);
            return out;
        }
        if (kind == QueueKind::uring) return uring.error();
        out.notice = fmt::format("{}; reading with threads instead", uring.error().message);
    }
    out.queue = std::make_unique<PreadQueue>(depth);
    return out;
}

}  // namespace greenroom::io
