#include <algorithm>

#include "kernels/cpu/elementwise.hpp"
#include "kernels/cpu/row_product.hpp"
#include "kernels/expert_ffn.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {

void run_on_cpu(const ExpertFfn& op, ThreadPool& pool) {
    const Matrix& gate = op.weights.gate;
    const std::int64_t ff = gate.rows, n_tokens = op.x.n_tokens();
    require(ff == op.weights.up.rows && ff == op.weights.down.cols,
            "expert_ffn: gate, up and down disagree on the hidden size");
    if (n_tokens == 0) return;
    const RowProduct gates({gate, op.x, op.gate}, pool), ups({op.weights.up, op.x, op.up}, pool);
    const Elementwise& functions = elementwise(pool.path());
    const std::int64_t grain = std::max(gates.grain(), ups.grain());
    pool.parallel_for(ff, grain, [&](std::int64_t begin, std::int64_t end, int thread) {
        gates.compute(begin, end, thread);
        ups.compute(begin, end, thread);
        for (std::int64_t t = 0; t < n_tokens; ++t) {
            const std::int64_t at = t * ff + begin;
            functions.silu_times(op.gate + at, op.up + at, end - begin);
        }
    });
    op.hidden.assign(op.gate, n_tokens, ff);
    run_on_cpu(MatMul{op.weights.down, op.hidden, op.y}, pool);
}

}  // namespace greenroom::kernels
