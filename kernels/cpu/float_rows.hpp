// Products in float: weights that are floats, or that were dequantised row by row. Knows no
// threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/path.hpp"
#include "kernels/mat_mul.hpp"

namespace greenroom::kernels {

// y[t * y_stride + r] = sum over c of rows[r * cols + c] * x[t * cols + c]. Column c goes to lane
// c % 16 by a fused multiply-add, in order; then the lanes are added in halves. So the same bits on
// every path, for any batch.
struct FloatProducts {
    const float* rows;  // (n_rows, cols)
    int n_rows;         // <= kFloatRows
    const float* x;     // (n_tokens, cols)
    std::int64_t n_tokens, cols;
    float* y;
    std::int64_t y_stride;
};
constexpr int kFloatRows = 4;  // worth doing together

// The same for one token, with rows as they lie in a matrix.
struct FloatRowsOfOne {
    const std::byte* rows;  // (n_rows, cols) in f32, f16 or bf16, row_bytes apart
    std::size_t row_bytes;
    int n_rows;
    const float* x;  // (cols)
    std::int64_t cols;
    float* y;  // (n_rows)
};
using MultiplyOneByFloats = void (*)(const FloatRowsOfOne& op);

struct FloatKernels {
    void (*multiply)(const FloatProducts& op);
    MultiplyOneByFloats one_f32, one_f16, one_bf16;  // null on the plain path
    void (*widen_f16)(const std::byte* from, std::int64_t n, float* to);
    void (*widen_bf16)(const std::byte* from, std::int64_t n, float* to);
};
extern const FloatKernels kPlainFloatKernels;
#if defined(__x86_64__)
extern const FloatKernels kAvx2FloatKernels, kAvx512FloatKernels;
#endif
const FloatKernels& float_kernels(CpuPath path);

// Rows [begin, end) of op. `scratch`: (kFloatRows, cols).
void multiply_float_rows(
    const MatMul& op, CpuPath path, std::int64_t begin, std::int64_t end, float* scratch);

}  // namespace greenroom::kernels
