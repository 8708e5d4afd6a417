// Threads that share the rows of an op. Knows nothing of what they compute.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace greenroom::kernels {

// Owns its threads and joins them. One caller at a time; the caller works too (it is thread 0).
class ThreadPool {
 public:
    explicit ThreadPool(int n_threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const;

    // Calls body(begin, end, thread) on disjoint ranges that cover [0, n); returns when all are
    // done. Ranges hold at least `grain` items where n allows. The split depends on n, grain and
    // the number of threads, so a body must not let its result depend on the ranges.
    template <class Body>
    void parallel_for(std::int64_t n, std::int64_t grain, Body&& body) {
        using Plain = std::remove_reference_t<Body>;
        run(n, grain, &body, [](void* context, std::int64_t begin, std::int64_t end, int thread) {
            (*static_cast<Plain*>(context))(begin, end, thread);
        });
    }

 private:
    using Call = void (*)(void* context, std::int64_t begin, std::int64_t end, int thread);
    void run(std::int64_t n, std::int64_t grain, void* context, Call call);

    struct State;
    std::unique_ptr<State> state_;
};

// Physical cores this process may run on (affinity and cgroup quota respected); at least 1.
int usable_cores();

}  // namespace greenroom::kernels
