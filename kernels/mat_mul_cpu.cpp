#include <algorithm>

#include "kernels/cpu/panel.hpp"
#include "kernels/cpu/row_product.hpp"
#include "kernels/mat_mul.hpp"

namespace greenroom::kernels {

void run_on_cpu(std::span<const MatMul> ops, ThreadPool& pool) {
    while (!ops.empty()) {
        const std::size_t n = std::min(ops.size(), RowProducts::kMost);
        RowProducts products(pool);
        for (const MatMul& op : ops.first(n)) products.add(op);
        products.run();
        ops = ops.subspan(n);
    }
}

void run_on_cpu(const MatMul& op, ThreadPool& pool) {
    run_on_cpu({&op, 1}, pool);
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
