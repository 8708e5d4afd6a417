// Whether the bytes on their way to a slot have arrived: one thread settles it, any thread waits.
#pragma once

#include <atomic>
#include <utility>

#include "io/result.hpp"

namespace greenroom::cache {

class Landing {
 public:
    // Before the bytes are sent for; nobody may be waiting.
    void expect() {
        error_ = {};
        memory_lost_ = false;
        state_.store(kOnItsWay, std::memory_order_relaxed);
    }
    void land() { settle(kLanded); }
    void fail(io::Error error) {
        error_ = std::move(error);
        settle(kFailed);
    }
    // Fails, and the bytes may yet come: the slot must never be used again.
    void lose(io::Error error) {
        memory_lost_ = true;
        fail(std::move(error));
    }

    bool settled() const { return state_.load(std::memory_order_acquire) != kOnItsWay; }
    // Contract: settled().
    bool memory_lost() const { return memory_lost_; }
    // Blocks until the bytes are there, or says why they will not be.
    io::Result<void> wait() const {
        state_.wait(kOnItsWay, std::memory_order_acquire);
        if (state_.load(std::memory_order_acquire) == kFailed) return error_;
        return {};
    }

 private:
    static constexpr int kOnItsWay = 0, kLanded = 1, kFailed = 2;

    void settle(int state) {
        state_.store(state, std::memory_order_release);
        state_.notify_all();
    }

    std::atomic<int> state_ = kLanded;
    io::Error error_;
    bool memory_lost_ = false;
};

}  // namespace greenroom::cache
