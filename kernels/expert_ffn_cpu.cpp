#include "kernels/cpu/elementwise.hpp"
#include "kernels/expert_ffn.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
void run_on_cpu(const ExpertFfn& op, ThreadPool& pool) {
    const Matrix& gate = op.weights.gate;
    require(gate.rows == op.weights.up.rows && gate.rows == op.weights.down.cols,
            "expert_ffn: gate, up and down disagree on the hidden size");
    run_on_cpu(MatMul{gate, op.x, op.gate}, pool);
    run_on_cpu(MatMul{op.weights.up, op.x, op.up}, pool);
    const std::int64_t n = op.x.n_tokens() * gate.rows;
    pool.parallel_for(n, 1024, [&](std::int64_t begin, std::int64_t end, int) {
        elementwise(pool.path()).silu_times(op.gate + begin, op.up + begin, end - begin);
    });
    op.hidden.assign(op.gate, op.x.n_tokens(), gate.rows);
    run_on_cpu(MatMul{op.weights.down, op.hidden, op.y}, pool);
}

}  // namespace greenroom::kernels
