// Products on vectors whose lanes are the rows of panels: how panels, runs and tiles are walked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/amx_kernels.hpp"
#include "kernels/cpu/panel_kernels.hpp"
#include "kernels/cpu/rounded.hpp"
#include "kernels/matrix.hpp"

namespace greenroom::kernels {

// y[t * y_stride + r] for the rows of panels [begin, end), 16 rows each, the last one of the matrix
// perhaps fewer. w in either layout.
class PanelRows {
 public:
    // find_panel_kernels() has some for the path and the type of w.
    PanelRows(const Matrix& w, const Activations::Rounded& x, CpuPath path, float* y);

    std::int64_t n_panels() const { return (w_.rows + kPanelRows - 1) / kPanelRows; }
    // Panels that are worth doing together.
    std::int64_t grain() const { return x_.n_tokens == 1 ? 1 : kPanelsAtOnce; }
    std::size_t scratch_bytes() const;
    void multiply(std::int64_t begin, std::int64_t end, std::byte* scratch) const;
    // Whether multiply_both() takes the two: one token, the same x, type and shape.
    bool pairs_with(const PanelRows& other) const;
    // What multiply() does, for two matrices whose panels take turns.
    static void multiply_both(const PanelRows& a,
                              const PanelRows& b,
                              std::int64_t begin,
                              std::int64_t end,
                              std::byte* scratch);

 private:
    static constexpr int kPanelsAtOnce = 4;
    struct Scratch;
    struct Place {  // a panel in place
        const PanelRows& rows;
        std::int64_t panel;
    };

    int rows_of(std::int64_t panel) const;
    const std::byte* packed_run(std::int64_t panel, std::int64_t run, Scratch& scratch) const;
    int blocks_of_run(std::int64_t run) const;
    std::int64_t n_in_place(std::int64_t begin, std::int64_t end) const;
    static void multiply_in_turn(std::span<const Place> places);  // at most kPanelsInTurn
    void multiply_one(std::int64_t begin, std::int64_t end, Scratch& scratch) const;
    void multiply_packed(std::int64_t begin, std::int64_t end, Scratch& scratch) const;
    void multiply_many(std::int64_t first, int n_panels, Scratch& scratch) const;
    void multiply_tiles(std::int64_t run, int n_panels, Scratch& scratch) const;
    void multiply_wide_tiles(std::int64_t run, int n_panels, Scratch& scratch) const;

    const Matrix& w_;
    const Activations::Rounded& x_;
    const PanelKernels& kernels_;
    const AmxKernels* amx_;  // where the tiles are wide
    float* y_;
    std::size_t row_bytes_, block_bytes_;
    int blocks_per_run_;
    std::int64_t n_blocks_;
};

}  // namespace greenroom::kernels
