#include "io/disk/uring_queue.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <liburing.h>
#include <limits>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>

namespace greenroom::io {
namespace {

// The completions of the read that waits for wake(), and of cancel().
constexpr std::uint64_t kWakeId = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kCancelId = kWakeId - 1;

// The kernel takes regions of at most this much.
constexpr std::size_t kLargestRegion = std::size_t{1} << 30;

}  // namespace

struct UringQueue::Ring {
    io_uring ring{};
    std::size_t depth = 0;
    std::size_t in_flight = 0;  // without the one that waits for wake()
    int event = -1;
    std::uint64_t event_value = 0;
    std::vector<iovec> regions;  // registered ones, in order of their index

    ~Ring() {
        if (event >= 0) ::close(event);
    }
    int index_of(std::span<const std::byte> memory) const;
    void listen();
};

// -1: in no registered region.
int UringQueue::Ring::index_of(std::span<const std::byte> memory) const {
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const auto* begin = static_cast<const std::byte*>(regions[i].iov_base);
        if (memory.data() >= begin && memory.data() + memory.size() <= begin + regions[i].iov_len) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

void UringQueue::Ring::listen() {
    io_uring_sqe* entry = io_uring_get_sqe(&ring);
    io_uring_prep_read(entry, event, &event_value, sizeof event_value, 0);
    io_uring_sqe_set_data64(entry, kWakeId);
    io_uring_submit(&ring);
}

UringQueue::UringQueue(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}

Result<std::unique_ptr<UringQueue>> UringQueue::create(std::size_t depth) {
    auto ring = std::make_unique<Ring>();
    ring->depth = depth;
    const int code = io_uring_queue_init(static_cast<unsigned>(depth) + 1, &ring->ring, 0);
    if (code < 0) {
        return Error{fmt::format("io_uring: {}", std::generic_category().message(-code))};
    }
    std::unique_ptr<UringQueue> queue(new UringQueue(std::move(ring)));
    queue->ring_->event = ::eventfd(0, EFD_CLOEXEC);
    if (queue->ring_->event < 0) {
        return Error{fmt::format("eventfd: {}", std::generic_category().message(errno))};
    }
    queue->ring_->listen();
    return queue;
}

// A read that the disk never answers is left to the kernel, which keeps its memory for it.
UringQueue::~UringQueue() {
    constexpr int kPatience = 20;
    std::vector<DiskReadDone> ignored(depth());
    for (int i = 0; ring_->in_flight > 0 && i < kPatience;) {
        if (wait(ignored, std::chrono::milliseconds(100)) == 0) ++i;
    }
    io_uring_queue_exit(&ring_->ring);
}

Result<void> UringQueue::register_memory(std::span<const std::span<std::byte>> regions) {
    std::vector<iovec> parts;
    for (const std::span<std::byte> region : regions) {
        for (std::size_t at = 0; at < region.size(); at += kLargestRegion) {
            parts.push_back({region.data() + at, std::min(kLargestRegion, region.size() - at)});
        }
    }
    if (parts.empty()) return {};
    const int code =
        io_uring_register_buffers(&ring_->ring, parts.data(), static_cast<unsigned>(parts.size()));
    if (code < 0) return Error{std::generic_category().message(-code)};
    ring_->regions = std::move(parts);
    return {};
}

std::size_t UringQueue::depth() const {
    return ring_->depth;
}

std::size_t UringQueue::submit(std::span<const DiskRead> reads) {
    const std::size_t n = std::min(reads.size(), ring_->depth - ring_->in_flight);
    for (const DiskRead& read : reads.first(n)) {
        io_uring_sqe* entry = io_uring_get_sqe(&ring_->ring);
        const auto bytes = static_cast<unsigned>(read.to.size());
        if (const int region = ring_->index_of(read.to); region >= 0) {
            io_uring_prep_read_fixed(
                entry, read.descriptor, read.to.data(), bytes, read.offset, region);
        } else {
            io_uring_prep_read(entry, read.descriptor, read.to.data(), bytes, read.offset);
        }
        io_uring_sqe_set_data64(entry, read.id);
    }
    // What the kernel does not take now (out of memory, interrupted) stays in the ring and goes
    // with the next call.
    io_uring_submit(&ring_->ring);
    ring_->in_flight += n;
    return n;
}

std::size_t UringQueue::wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) {
    __kernel_timespec limit{.tv_sec = timeout.count() / 1000,
                            .tv_nsec = timeout.count() % 1000 * 1'000'000};
    io_uring_cqe* entry = nullptr;
    if (io_uring_sq_ready(&ring_->ring) > 0) io_uring_submit(&ring_->ring);
    io_uring_wait_cqe_timeout(&ring_->ring, &entry, &limit);  // a time-out leaves nothing to peek
    std::size_t n = 0;
    bool woken = false;
    while (n < out.size() && io_uring_peek_cqe(&ring_->ring, &entry) == 0) {
        const std::uint64_t id = io_uring_cqe_get_data64(entry);
        woken |= id == kWakeId;
        if (id != kWakeId && id != kCancelId) out[n++] = {id, entry->res};
        io_uring_cqe_seen(&ring_->ring, entry);
    }
    ring_->in_flight -= n;
    if (woken) ring_->listen();
    return n;
}

void UringQueue::cancel(std::uint64_t id) {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_->ring);
    if (entry == nullptr) return;  // what was submitted before has not been taken yet
    io_uring_prep_cancel64(entry, id, 0);
    io_uring_sqe_set_data64(entry, kCancelId);
    io_uring_submit(&ring_->ring);
}

void UringQueue::wake() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then a wake is pending anyway.
    [[maybe_unused]] const ssize_t written = ::write(ring_->event, &one, sizeof one);
}

}  // namespace greenroom::io
