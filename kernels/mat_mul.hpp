// The product of quantised weights with a batch of activations.
#pragma once

#include <span>

#include "kernels/activations.hpp"
#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// y[t][r] = sum over c of w[r][c] * x[t][c], for one token (decode) or many (prefill).
struct MatMul {
    Matrix w;        // (rows, cols)
    Activations& x;  // (n_tokens, cols)
    float* y;        // (n_tokens, rows); row t starts at y + t * rows
};
void run_on_cpu(const MatMul& op, ThreadPool& pool);
// The same one after the other, without a wait for the slowest thread in between.
void run_on_cpu(std::span<const MatMul> ops, ThreadPool& pool);

// Row `row` of w in float: out[cols]. For embeddings.
void dequantize_row(const Matrix& w, std::int64_t row, float* out);

}  // namespace greenroom::kernels
