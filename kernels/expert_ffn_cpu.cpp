#include <algorithm>
#include <array>
#include <optional>

#include "kernels/cpu/elementwise.hpp"
#include "kernels/cpu/row_product.hpp"
#include "kernels/expert_ffn.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

// Gate and up of one expert, made ready.
struct FirstPass {
    FirstPass(const ExpertFfn& ffn, ThreadPool& pool)
        : op(ffn),
          functions(elementwise(pool.path())),
          gate({ffn.weights.gate, ffn.x, ffn.gate}, pool),
          up({ffn.weights.up, ffn.x, ffn.up}, pool) {}

    // op.gate = silu(gate) * up for rows [begin, end).
    void compute(std::int64_t begin, std::int64_t end, int thread) const {
        RowProduct::compute_both(gate, up, begin, end, thread);
        for (std::int64_t t = 0; t < op.x.n_tokens(); ++t) {
            const std::int64_t at = t * op.weights.gate.rows + begin;
            functions.silu_times(op.gate + at, op.up + at, end - begin);
        }
    }

    const ExpertFfn& op;
    const Elementwise& functions;
    const RowProduct gate, up;
};

// op.gate of every op, by all threads.
void run_first_passes(std::span<const ExpertFfn> ops, ThreadPool& pool) {
    std::array<std::optional<FirstPass>, RowProducts::kMost> passes;
    std::array<std::int64_t, RowProducts::kMost> rows = {};
    std::int64_t grain = 1;
    for (std::size_t i = 0; i < ops.size(); ++i) {
        const ExpertWeights& w = ops[i].weights;
        require(w.gate.rows == w.up.rows && w.gate.rows == w.down.cols,
                "expert_ffn: gate, up and down disagree on the hidden size");
        if (ops[i].x.n_tokens() == 0) continue;
        passes[i].emplace(ops[i], pool);
        rows[i] = w.gate.rows;
        grain = std::max({grain, passes[i]->gate.grain(), passes[i]->up.grain()});
    }
    parallel_rows(pool,
                  std::span(rows).first(ops.size()),
                  grain,
                  [&](std::size_t i, std::int64_t begin, std::int64_t end, int thread) {
                      passes[i]->compute(begin, end, thread);
                  });
}

}  // namespace

void run_on_cpu(std::span<const ExpertFfn> ops, ThreadPool& pool) {
    while (!ops.empty()) {
        const auto some = ops.first(std::min(ops.size(), RowProducts::kMost));
        run_first_passes(some, pool);
        RowProducts downs(pool);
        for (const ExpertFfn& op : some) {
            op.hidden.assign(op.gate, op.x.n_tokens(), op.weights.gate.rows);
            downs.add({op.weights.down, op.hidden, op.y});
        }
        downs.run();
        ops = ops.subspan(some.size());
    }
}

void run_on_cpu(const ExpertFfn& op, ThreadPool& pool) {
    run_on_cpu({&op, 1}, pool);
}

}  // namespace greenroom::kernels
