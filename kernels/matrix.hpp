// A weight matrix in its quantised blocks, where it lies. Does not own the bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/block_type.hpp"

namespace greenroom::kernels {

enum class Layout {
    rows,    // row after row, as in files
    panels,  // sixteen rows interleaved (kernels/repack.hpp), what is left over as in files
};

struct Matrix {
    const std::byte* data = nullptr;  // (rows, cols), rows contiguous, in blocks along cols
    BlockType type = BlockType::f32;
    std::int64_t rows = 0;
    std::int64_t cols = 0;  // a multiple of the block's elements
    Layout layout = Layout::rows;

    std::size_t row_bytes() const {
        const BlockFormat& f = block_format(type);
        return static_cast<std::size_t>(cols) / f.elements * f.bytes;
    }
    std::size_t bytes() const { return static_cast<std::size_t>(rows) * row_bytes(); }
    // The rows [first, first + n). In panels `first` is a multiple of 16, and so is n unless the
    // slice ends the matrix.
    Matrix slice(std::int64_t first, std::int64_t n) const {
        return {data + static_cast<std::size_t>(first) * row_bytes(), type, n, cols, layout};
    }
};

}  // namespace greenroom::kernels
