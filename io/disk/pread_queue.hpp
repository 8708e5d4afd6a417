// The queue that works everywhere: threads that call pread. Containers often forbid io_uring.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "io/disk/read_queue.hpp"

namespace greenroom::io {

class PreadQueue final : public ReadQueue {
 public:
    // As many reads in flight as threads.
    explicit PreadQueue(std::size_t n_threads);

    std::string_view name() const override { return "pread"; }
    std::size_t depth() const override { return threads_.size(); }
    std::size_t submit(std::span<const DiskRead> reads) override;
    std::size_t wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) override;
    void wake() override;

 private:
    void serve(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any submitted_, completed_;
    std::vector<DiskRead> waiting_;  // this and the next never outgrow the depth
    std::vector<DiskReadDone> done_;
    std::size_t in_flight_ = 0;  // submitted and not yet handed out
    bool woken_ = false;
    std::vector<std::jthread> threads_;  // last: they use the rest
};

}  // namespace greenroom::io
