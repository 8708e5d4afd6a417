// A product made ready: threads compute its rows in any order and split. Knows no threads itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

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
    // The same rows of two products, of weights of one shape; reads memory faster than one after
    // the other where there is one token.
    static void compute_both(
        const RowProduct& a, const RowProduct& b, std::int64_t begin, std::int64_t end, int thread);

 private:
    void compute_floats(std::int64_t begin, std::int64_t end, int thread) const;

    MatMul op_;
    ThreadPool& pool_;
    const Activations::Rounded* x_ = nullptr;  // null: in float
    std::optional<PanelRows> panels_;          // empty: row by row
};

// Shares out the rows of several matrices at once: calls body(i, begin, end, thread) on disjoint
// ranges that cover the rows[i] of each, beginning at multiples of `grain`.
template <class Body>
void parallel_rows(ThreadPool& pool,
                   std::span<const std::int64_t> rows,
                   std::int64_t grain,
                   const Body& body) {
    const auto grains_of = [&](std::int64_t n) { return (n + grain - 1) / grain; };
    std::int64_t n_grains = 0;
    for (const std::int64_t n : rows) n_grains += grains_of(n);
    pool.parallel_for(n_grains, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::int64_t n = grains_of(rows[i]);
            const std::int64_t from = std::max<std::int64_t>(begin, 0), to = std::min(end, n);
            if (from < to) body(i, from * grain, std::min(to * grain, rows[i]), thread);
            begin -= n;
            end -= n;
        }
    });
}

// Several products that the threads share out as one, so that they wait for each other once.
class RowProducts {
 public:
    static constexpr std::size_t kMost = 8;

    explicit RowProducts(ThreadPool& pool) : pool_(pool) {}
    void add(const MatMul& op);  // at most kMost times
    void run() const;

 private:
    ThreadPool& pool_;
    std::size_t n_ = 0;
    std::array<std::optional<RowProduct>, kMost> products_;
    std::array<std::int64_t, kMost> rows_;
};

}  // namespace greenroom::kernels
