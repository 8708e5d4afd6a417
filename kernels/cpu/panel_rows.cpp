#include "kernels/cpu/panel_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace greenroom::kernels {

// Of one thread.
struct PanelRows::Scratch {
    PanelRun runs[kPanelsAtOnce];
    alignas(64) std::byte packed[kPanelRows * kRunColumns * 2];  // no block takes 2 bytes a column
    alignas(64) float sums[1];  // (n_tokens, kPanelsAtOnce * kPanelRows)
};

PanelRows::PanelRows(const Matrix& w, const Activations::Rounded& x, CpuPath path, float* y)
    : w_(w),
      x_(x),
      kernels_(*find_panel_kernels(path, w.type)),
      amx_(x.wide ? find_amx_kernels(path, w.type) : nullptr),
      y_(y),
      row_bytes_(w.row_bytes()) {
    const BlockFormat& format = block_format(w.type);
    block_bytes_ = format.bytes;
    blocks_per_run_ = kRunColumns / static_cast<int>(format.elements);
    n_blocks_ = w.cols / format.elements;
}

std::size_t PanelRows::scratch_bytes() const {
    const std::int64_t rows = (x_.n_tokens + kWideTile - 1) / kWideTile * kWideTile;
    const auto n_sums = static_cast<std::size_t>(rows * kPanelsAtOnce * kPanelRows);
    return sizeof(Scratch) + n_sums * sizeof(float);
}

void PanelRows::multiply(std::int64_t begin, std::int64_t end, std::byte* bytes) const {
    auto& scratch = *reinterpret_cast<Scratch*>(bytes);
    if (x_.n_tokens == 1) {
        multiply_one(begin, end, scratch);
        return;
    }
    std::optional<TileConfiguration> tiles;
    if (amx_ != nullptr) tiles.emplace(amx_->columns);
    for (std::int64_t p = begin; p < end; p += kPanelsAtOnce) {
        multiply_many(p, static_cast<int>(std::min<std::int64_t>(kPanelsAtOnce, end - p)), scratch);
    }
}

int PanelRows::rows_of(std::int64_t panel) const {
    return static_cast<int>(std::min<std::int64_t>(kPanelRows, w_.rows - panel * kPanelRows));
}

int PanelRows::blocks_of_run(std::int64_t run) const {
    return static_cast<int>(
        std::min<std::int64_t>(blocks_per_run_, n_blocks_ - run * blocks_per_run_));
}

// The packed blocks of a run: in place where the matrix lies in panels.
const std::byte* PanelRows::packed_run(std::int64_t panel,
                                       std::int64_t run,
                                       Scratch& scratch) const {
    const std::byte* rows = w_.data + static_cast<std::size_t>(panel) * kPanelRows * row_bytes_;
    const std::size_t at = static_cast<std::size_t>(run * blocks_per_run_) * block_bytes_;
    const int n_rows = rows_of(panel);
    if (w_.layout == Layout::panels && n_rows == kPanelRows) return rows + at * kPanelRows;
    pack({.type = w_.type,
          .rows = rows + at,
          .row_bytes = row_bytes_,
          .n_rows = n_rows,
          .n_blocks = blocks_of_run(run),
          .panel = scratch.packed});
    return scratch.packed;
}

// Panels of [begin, end) that lie as kernels take them; they are the first ones.
std::int64_t PanelRows::n_in_place(std::int64_t begin, std::int64_t end) const {
    if (w_.layout != Layout::panels) return 0;
    return std::max<std::int64_t>(std::min(end, w_.rows / kPanelRows) - begin, 0);
}

void PanelRows::multiply_in_turn(std::span<const Place> places) {
    const PanelRows& first = places[0].rows;
    alignas(64) float sums[kPanelsInTurn * kPanelRows] = {};
    PanelsOfOne op{.panels = {},
                   .n_panels = static_cast<int>(places.size()),
                   .n_blocks = static_cast<int>(first.n_blocks_),
                   .x = first.x_.tile(0),
                   .sums = sums};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& [rows, panel] = places[i];
        op.panels[i] =
            rows.w_.data + static_cast<std::size_t>(panel * kPanelRows) * rows.row_bytes_;
    }
    first.kernels_.multiply_one(op);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& [rows, panel] = places[i];
        std::copy_n(sums + i * kPanelRows, kPanelRows, rows.y_ + panel * kPanelRows);
    }
}

void PanelRows::multiply_one(std::int64_t begin, std::int64_t end, Scratch& scratch) const {
    const std::int64_t n = n_in_place(begin, end), half = n / 2;
    for (std::int64_t p = begin; p < begin + half; ++p) {
        multiply_in_turn(std::array{Place{*this, p}, Place{*this, p + half}});
    }
    if (n % 2 != 0) multiply_in_turn(std::array{Place{*this, begin + n - 1}});
    multiply_packed(begin + n, end, scratch);
}

bool PanelRows::pairs_with(const PanelRows& other) const {
    return &x_ == &other.x_ && x_.n_tokens == 1 && w_.type == other.w_.type &&
           w_.layout == other.w_.layout && w_.rows == other.w_.rows;
}

void PanelRows::multiply_both(const PanelRows& a,
                              const PanelRows& b,
                              std::int64_t begin,
                              std::int64_t end,
                              std::byte* bytes) {
    auto& scratch = *reinterpret_cast<Scratch*>(bytes);
    const std::int64_t packed = begin + a.n_in_place(begin, end);
    for (std::int64_t p = begin; p < packed; ++p) {
        multiply_in_turn(std::array{Place{a, p}, Place{b, p}});
    }
    a.multiply_packed(packed, end, scratch);
    b.multiply_packed(packed, end, scratch);
}

void PanelRows::multiply_packed(std::int64_t begin, std::int64_t end, Scratch& scratch) const {
    for (std::int64_t p = begin; p < end; ++p) {
        alignas(64) float sums[kPanelRows] = {};
        for (std::int64_t run = 0; run < x_.n_runs(); ++run) {
            kernels_.multiply_one({.panels = {packed_run(p, run, scratch)},
                                   .n_panels = 1,
                                   .n_blocks = blocks_of_run(run),
                                   .x = x_.tile(0) + run * kRunWords,
                                   .sums = sums});
        }
        std::copy_n(sums, rows_of(p), y_ + p * kPanelRows);
    }
}

void PanelRows::multiply_many(std::int64_t first, int n_panels, Scratch& scratch) const {
    constexpr int stride = kPanelsAtOnce * kPanelRows;
    float* sums = scratch.sums;
    const auto unpack = amx_ != nullptr ? amx_->unpack : kernels_.unpack;
    std::fill_n(sums, x_.n_tokens * stride, 0.0F);
    for (std::int64_t run = 0; run < x_.n_runs(); ++run) {
        for (int p = 0; p < n_panels; ++p) {
            unpack(packed_run(first + p, run, scratch), blocks_of_run(run), scratch.runs[p]);
        }
        if (amx_ != nullptr) {
            multiply_wide_tiles(run, n_panels, scratch);
        } else {
            multiply_tiles(run, n_panels, scratch);
        }
    }
    const std::int64_t row = first * kPanelRows;
    const auto n =
        static_cast<std::size_t>(std::min<std::int64_t>(n_panels * kPanelRows, w_.rows - row));
    for (std::int64_t t = 0; t < x_.n_tokens; ++t) {
        std::memcpy(y_ + t * w_.rows + row, sums + t * stride, n * sizeof(float));
    }
}

void PanelRows::multiply_tiles(std::int64_t run, int n_panels, Scratch& scratch) const {
    constexpr int stride = kPanelsAtOnce * kPanelRows;
    float* sums = scratch.sums;
    int size = 0;
    for (std::int64_t t = 0; t < x_.n_tokens; t += kTileSizes[size]) {
        while (kTileSizes[size] > x_.n_tokens - t) ++size;
        const std::int32_t* x = x_.tile(t) + run * kRunWords * kTileSizes[size];
        for (int p = 0; p < n_panels; ++p) {
            kernels_.multiply[size](
                scratch.runs[p], blocks_of_run(run), x, sums + t * stride + p * kPanelRows, stride);
        }
    }
}

void PanelRows::multiply_wide_tiles(std::int64_t run, int n_panels, Scratch& scratch) const {
    constexpr int stride = kPanelsAtOnce * kPanelRows;
    for (std::int64_t t = 0; t < x_.n_tokens; t += 2 * kWideTile) {
        const WideTiles x{.q = x_.row(t) + run * kRunColumns,
                          .q_stride = x_.stride,
                          .words = x_.tile(t) + run * kRunWords * kWideTile,
                          .words_stride = x_.n_runs() * kRunWords * kWideTile,
                          .n_tiles = x_.n_tokens - t > kWideTile ? 2 : 1};
        for (int p = 0; p < n_panels; ++p) {
            float* sums = scratch.sums + t * stride + p * kPanelRows;
            amx_->multiply(scratch.runs[p], blocks_of_run(run), x, sums, stride);
        }
    }
}

}  // namespace greenroom::kernels
