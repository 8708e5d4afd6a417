#include "io/disk/pread_queue.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace greenroom::io {

PreadQueue::PreadQueue(std::size_t n_threads) {
    waiting_.reserve(n_threads);
    done_.reserve(n_threads);
    for (std::size_t i = 0; i < n_threads; ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }
}

std::size_t PreadQueue::submit(std::span<const DiskRead> reads) {
    const std::lock_guard lock(mutex_);
    const std::size_t n = std::min(reads.size(), depth() - in_flight_);
    waiting_.insert(waiting_.end(), reads.begin(), reads.begin() + static_cast<std::ptrdiff_t>(n));
    in_flight_ += n;
    submitted_.notify_all();
    return n;
}

std::size_t PreadQueue::wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    completed_.wait_for(lock, timeout, [this] { return woken_ || !done_.empty(); });
    woken_ = false;
    const std::size_t n = std::min(out.size(), done_.size());
    std::copy_n(done_.begin(), n, out.begin());
    done_.erase(done_.begin(), done_.begin() + static_cast<std::ptrdiff_t>(n));
    in_flight_ -= n;
    return n;
}

void PreadQueue::wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    completed_.notify_all();
}

void PreadQueue::serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (submitted_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        const DiskRead read = waiting_.front();
        waiting_.erase(waiting_.begin());
        lock.unlock();
        const ssize_t got = ::pread(
            read.descriptor, read.to.data(), read.to.size(), static_cast<off_t>(read.offset));
        const std::int64_t result = got < 0 ? -errno : got;
        lock.lock();
        done_.push_back({read.id, result});
        completed_.notify_all();
    }
}

}  // namespace greenroom::io
