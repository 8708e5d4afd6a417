#include <cmath>

#include "kernels/silu_mul.hpp"

namespace greenroom::kernels {

void run_on_cpu(const SiluMul& op, ThreadPool& pool) {
    pool.parallel_for(op.n, 4096, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
            op.out[i] = op.gate[i] / (1 + std::exp(-op.gate[i])) * op.up[i];
        }
    });
}

}  // namespace greenroom::kernels
