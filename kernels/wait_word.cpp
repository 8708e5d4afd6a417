#include "kernels/wait_word.hpp"

#include <chrono>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace greenroom::kernels {
namespace {

// Serial stretches between ops are shorter, and being woken takes as long.
constexpr std::chrono::microseconds kSpinning{100};
// Between two looks at the clock; a pause takes 25 to 140 cycles.
constexpr int kPauses = 16;

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#if defined(__linux__)

// Not std::atomic's wait: that yields the processor before it sleeps, and whoever yields next to a
// busy program waits for the whole of that program's slice, where a sleeper is woken into its own.
void sleep_while(std::atomic<int>& word, int value) {
    static_assert(sizeof word == sizeof(int));
    ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void wake_all(std::atomic<int>& word) {
    constexpr int kAll = 1 << 30;
    ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, kAll, nullptr, nullptr, 0);
}

#else

void sleep_while(std::atomic<int>& word, int value) {
    word.wait(value);
}
void wake_all(std::atomic<int>& word) {
    word.notify_all();
}

#endif

}  // namespace

void WaitWord::wake() {
    if (sleepers_.load() > 0) wake_all(value_);
}

void WaitWord::wait_while(int value) {
    const auto begun = std::chrono::steady_clock::now();
    do {
        for (int i = 0; i < kPauses; ++i) {
            if (value_.load() != value) return;
            pause();
        }
    } while (std::chrono::steady_clock::now() - begun < kSpinning);
    sleepers_.fetch_add(1);  // before the value is looked at again, so that no wake is missed
    while (value_.load() == value) sleep_while(value_, value);
    sleepers_.fetch_sub(1);
}

}  // namespace greenroom::kernels
