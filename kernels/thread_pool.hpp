// Threads that share the rows of an op. Knows nothing of what they compute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "kernels/cpu/path.hpp"

namespace greenroom::kernels {

// Owns its threads and joins them. One caller at a time; the caller works too (it is thread 0).
// Work is claimed in small pieces and a waiting thread soon sleeps, so a processor that is busy
// with something else delays one piece, not the pool.
class ThreadPool {
 public:
    // `path` is the instruction set of every op that is given this pool.
    explicit ThreadPool(int n_threads, CpuPath path = best_cpu_path());
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const;
    CpuPath path() const;

    // Calls body(begin, end, thread) on disjoint ranges that cover [0, n); returns when all are
    // done. A thread may be called several times. Ranges begin at multiples of `grain` and, save
    // the last, hold a multiple of it. The split depends on n, grain and the number of threads, so
    // a body must not let its result depend on the ranges.
    template <class Body>
    void parallel_for(std::int64_t n, std::int64_t grain, Body&& body) {
        using Plain = std::remove_reference_t<Body>;
        run(n, grain, &body, [](void* context, std::int64_t begin, std::int64_t end, int thread) {
            (*static_cast<Plain*>(context))(begin, end, thread);
        });
    }

    // Memory of one thread, 64-byte aligned, for the body that runs on it now. Grows to the most
    // that was ever asked for and stays; contents are lost with each call.
    std::byte* scratch(int thread, std::size_t bytes);

 private:
    using Call = void (*)(void* context, std::int64_t begin, std::int64_t end, int thread);
    void run(std::int64_t n, std::int64_t grain, void* context, Call call);

    struct State;
    std::unique_ptr<State> state_;
};

// Physical cores this process may run on (affinity and cgroup quota respected); at least 1.
int usable_cores();

}  // namespace greenroom::kernels
