// A number that threads wait for: they spin a while, then sleep. Knows not what it counts.
#pragma once

#include <atomic>

namespace greenroom::kernels {

// Any thread may call anything at any time.
class WaitWord {
 public:
    int load() const { return value_.load(); }
    void store(int value) { value_.store(value); }
    // Returns the new value. Wakes nobody.
    int add(int n) { return value_.fetch_add(n) + n; }
    // Wakes all that sleep, for them to look again.
    void wake();
    // Returns once the value is another one.
    void wait_while(int value);

 private:
    std::atomic<int> value_ = 0;
    std::atomic<int> sleepers_ = 0;
};

}  // namespace greenroom::kernels
