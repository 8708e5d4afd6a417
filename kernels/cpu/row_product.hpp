// A product made ready: threads compute its rows in any order and split. Knows no threads itself.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/cpu/panel_rows.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

class RowProduct {
 public:
    // Rounds op.x where the product wants it. What op points to must outlive this.
    RowProduct(const MatMul& op, ThreadPool& pool);
    RowProduct(const RowProduct&) = delete;  // panels_ points into it
    RowProduct& operator=(const RowProduct&) = delete;

    // Rows that are worth doing together; ranges begin at multiples of it.
    std::int64_t grain() const;
    // Rows [begin, end) of every token. `thread` is the pool's thread that this runs on.
    void compute(std::int64_t begin, std::int64_t end, int thread) const;

 private:
    void compute_floats(std::int64_t begin, std::int64_t end, int thread) const;

    MatMul op_;
    ThreadPool& pool_;
    const Activations::Rounded* x_ = nullptr;  // null: in float
    std::optional<PanelRows> panels_;          // empty: row by row
};

}  // namespace greenroom::kernels
