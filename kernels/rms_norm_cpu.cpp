#include <array>
#include <cmath>
#include <cstddef>

#include "kernels/rms_norm.hpp"

namespace greenroom::kernels {
namespace {

// Independent sums, so that no addition waits for the one before it.
double sum_of_squares(const float* x, std::size_t n) {
    constexpr std::size_t kSums = 8;
    std::array<double, kSums> sums = {};
    std::size_t i = 0;
    for (; i + kSums <= n; i += kSums) {
        for (std::size_t k = 0; k < kSums; ++k) sums[k] += double{x[i + k]} * x[i + k];
    }
    double rest = 0;
    for (; i < n; ++i) rest += double{x[i]} * x[i];
    for (const double sum : sums) rest += sum;
    return rest;
}

// y = x * scale * w.
void scale(const float* x, float by, const float* w, std::size_t n, float* y) {
    constexpr std::size_t kTogether = 16;
    float values[kTogether];  // y may be x, but not a part of it: so all are read first
    std::size_t i = 0;
    for (; i + kTogether <= n; i += kTogether) {
        for (std::size_t k = 0; k < kTogether; ++k) values[k] = x[i + k] * by * w[i + k];
        for (std::size_t k = 0; k < kTogether; ++k) y[i + k] = values[k];
    }
    for (; i < n; ++i) y[i] = x[i] * by * w[i];
}

}  // namespace

void run_on_cpu(const RmsNorm& op, ThreadPool& pool) {
    const auto cols = static_cast<std::size_t>(op.cols);
    pool.parallel_for(op.rows, 4, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t r = begin; r < end; ++r) {
            const float* x = op.x + static_cast<std::size_t>(r) * cols;
            float* y = op.y + static_cast<std::size_t>(r) * cols;
            const double mean = sum_of_squares(x, cols) / op.cols;
            const auto by = static_cast<float>(1 / std::sqrt(mean + double{op.eps}));
            scale(x, by, op.w, cols, y);
        }
    });
}

}  // namespace greenroom::kernels
