#include "kernels/cpu/float_rows.hpp"
#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/panel.hpp"
#include "kernels/cpu/panel_rows.hpp"
#include "kernels/cpu/plain_rows.hpp"
#include "kernels/cpu/rounded.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

void multiply_floats(const MatMul& op, ThreadPool& pool) {
    const auto bytes = static_cast<std::size_t>(kFloatRows * op.w.cols) * sizeof(float);
    pool.parallel_for(op.w.rows, 16, [&](std::int64_t begin, std::int64_t end, int thread) {
        auto* rows = reinterpret_cast<float*>(pool.scratch(thread, bytes));
        multiply_float_rows(op, pool.path(), begin, end, rows);
    });
}

void multiply_integers(const MatMul& op, ThreadPool& pool) {
    const Activations::Rounded& x = op.x.rounded_for(op.w.type, pool);
    if (find_panel_kernels(pool.path(), op.w.type) == nullptr) {
        const auto bytes = static_cast<std::size_t>(x.n_tokens) * sizeof(float);
        pool.parallel_for(op.w.rows, 16, [&](std::int64_t begin, std::int64_t end, int thread) {
            auto* sums = reinterpret_cast<float*>(pool.scratch(thread, bytes));
            plain_integer_rows(op, x, begin, end, sums);
        });
        return;
    }
    const PanelRows rows(op.w, x, pool.path(), op.y);
    pool.parallel_for(
        rows.n_panels(), rows.grain(), [&](std::int64_t begin, std::int64_t end, int thread) {
            rows.multiply(begin, end, pool.scratch(thread, rows.scratch_bytes()));
        });
}

}  // namespace

void run_on_cpu(const MatMul& op, ThreadPool& pool) {
    require(op.x.cols() == op.w.cols, "mat_mul: columns of weights and activations differ");
    if (op.w.rows == 0 || op.x.n_tokens() == 0) return;
    if (op.x.arithmetic() == Arithmetic::fast && find_normal_form(op.w.type) != nullptr) {
        multiply_integers(op, pool);
    } else {
        multiply_floats(op, pool);
    }
}

void dequantize_row(const Matrix& w, std::int64_t row, float* out) {
    const BlockFormat& format = block_format(w.type);
    const auto n_blocks = static_cast<std::size_t>(w.cols) / format.elements;
    const std::int64_t first = row - row % kPanelRows;
    if (w.layout == Layout::rows || first + kPanelRows > w.rows) {
        format.dequantize(w.data + static_cast<std::size_t>(row) * w.row_bytes(), n_blocks, out);
        return;
    }
    const std::byte* panel = w.data + static_cast<std::size_t>(first) * w.row_bytes();
    std::byte block[256];  // no block is larger
    for (std::size_t b = 0; b < n_blocks; ++b) {
        unpack_block(
            w.type, panel + b * format.bytes * kPanelRows, static_cast<int>(row - first), block);
        format.dequantize(block, 1, out + b * format.elements);
    }
}

}  // namespace greenroom::kernels
