#include "kernels/all_finite.hpp"

#include <algorithm>
#include <atomic>

namespace greenroom::kernels {
namespace {

constexpr std::int64_t kGrain = 8192;  // less is not worth another thread

// A number times 0 is 0, or NaN where it was not finite, and a NaN stays in a sum.
bool all_finite_here(const float* x, std::int64_t n) {
    constexpr std::int64_t kSums = 16;
    float sums[kSums] = {};
    std::int64_t i = 0;
    for (; i + kSums <= n; i += kSums) {
        for (std::int64_t k = 0; k < kSums; ++k) sums[k] += x[i + k] * 0.0F;
    }
    for (; i < n; ++i) sums[0] += x[i] * 0.0F;
    return std::ranges::all_of(sums, [](float sum) { return sum == 0; });
}

}  // namespace

bool all_finite(const float* x, std::int64_t n, ThreadPool& pool) {
    std::atomic<bool> finite = true;
    pool.parallel_for(n, kGrain, [&](std::int64_t begin, std::int64_t end, int) {
        if (!all_finite_here(x + begin, end - begin)) finite = false;
    });
    return finite;
}

}  // namespace greenroom::kernels
