#pragma once

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// y = x * w / sqrt(mean(x^2) + eps), row by row (Zhang and Sennrich 2019).
struct RmsNorm {
    const float* x;  // (rows, cols)
    const float* w;  // (cols)
    float* y;        // (rows, cols), may be x
    int rows, cols;
    float eps;
};
void run_on_cpu(const RmsNorm& op, ThreadPool& pool);

}  // namespace greenroom::kernels
