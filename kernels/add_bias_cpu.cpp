#include <cstddef>

#include "kernels/add_bias.hpp"

namespace greenroom::kernels {

void run_on_cpu(const AddBias& op, ThreadPool& pool) {
    pool.parallel_for(op.n_tokens, 8, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            float* y = op.y + t * op.cols;
            for (int c = 0; c < op.cols; ++c) y[c] += op.bias[c];
        }
    });
}

}  // namespace greenroom::kernels
