#pragma once

#include <cstdint>

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// out[t] += sum over slots s of weights[t][s] * partials[rows[t][s]], added in the order of the
// slots, which is routing order: results never depend on which expert finished first.
struct Combine {
    const float* partials;     // (n_tokens * k, cols), one private row per (token, slot)
    const std::int32_t* rows;  // (n_tokens, k) row of `partials` that holds this token's slot
    const float* weights;      // (n_tokens, k)
    float* out;                // (n_tokens, cols)
    int n_tokens, k, cols;
};
void run_on_cpu(const Combine& op, ThreadPool& pool);

}  // namespace greenroom::kernels
