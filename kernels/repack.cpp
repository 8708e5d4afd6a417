#include "kernels/repack.hpp"

#include <cstring>

#include "kernels/cpu/panel.hpp"
#include "kernels/cpu/panel_kernels.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {

Layout preferred_layout(BlockType type, CpuPath path) {
    return find_panel_kernels(path, type) != nullptr ? Layout::panels : Layout::rows;
}

Matrix to_panels(const Matrix& w, std::byte* bytes, ThreadPool& pool) {
    require(w.layout == Layout::rows && bytes == w.data, "to_panels: not a matrix in rows");
    const std::size_t row_bytes = w.row_bytes(), panel_bytes = row_bytes * kPanelRows;
    pool.parallel_for(
        w.rows / kPanelRows, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
            std::byte* rows = pool.scratch(thread, panel_bytes);
            for (std::int64_t p = begin; p < end; ++p) {
                std::byte* panel = bytes + static_cast<std::size_t>(p) * panel_bytes;
                std::memcpy(rows, panel, panel_bytes);
                pack({.type = w.type,
                      .rows = rows,
                      .row_bytes = row_bytes,
                      .n_rows = kPanelRows,
                      .n_blocks = w.cols / block_format(w.type).elements,
                      .panel = panel});
            }
        });
    Matrix packed = w;
    packed.layout = Layout::panels;
    return packed;
}

}  // namespace greenroom::kernels
