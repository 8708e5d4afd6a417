#include <cstddef>

#include "kernels/combine.hpp"

namespace greenroom::kernels {

void run_on_cpu(const Combine& op, ThreadPool& pool) {
    const auto cols = static_cast<std::size_t>(op.cols);
    pool.parallel_for(op.n_tokens, 4, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            float* out = op.out + static_cast<std::size_t>(t) * cols;
            for (int s = 0; s < op.k; ++s) {
                const std::int64_t at = t * op.k + s;
                const float weight = op.weights[at];
                const float* row = op.partials + static_cast<std::size_t>(op.rows[at]) * cols;
                for (std::size_t c = 0; c < cols; ++c) out[c] += weight * row[c];
            }
        }
    });
}

}  // namespace greenroom::kernels
