#pragma once

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// y[t] += bias, row by row.
struct AddBias {
    const float* bias;  // (cols)
    float* y;           // (n_tokens, cols)
    int n_tokens, cols;
};
void run_on_cpu(const AddBias& op, ThreadPool& pool);

}  // namespace greenroom::kernels
