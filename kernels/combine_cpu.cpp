#include <cstddef>

#include "kernels/combine.hpp"

namespace greenroom::kernels {
namespace {

// Columns [begin, begin + n) of one token.
template <std::size_t n>
void combine_columns(const Combine& op, std::int64_t t, std::size_t begin) {
    const auto cols = static_cast<std::size_t>(op.cols);
    float* out = op.out + static_cast<std::size_t>(t) * cols + begin;
    float sums[n];
    for (std::size_t c = 0; c < n; ++c) sums[c] = out[c];
    for (int s = 0; s < op.k; ++s) {
        const std::int64_t at = t * op.k + s;
        const float weight = op.weights[at];
        const float* row = op.partials + static_cast<std::size_t>(op.rows[at]) * cols + begin;
        for (std::size_t c = 0; c < n; ++c) sums[c] += weight * row[c];
    }
    for (std::size_t c = 0; c < n; ++c) out[c] = sums[c];
}

}  // namespace

void run_on_cpu(const Combine& op, ThreadPool& pool) {
    const auto cols = static_cast<std::size_t>(op.cols);
    pool.parallel_for(op.n_tokens, 4, [&](std::int64_t begin, std::int64_t end, int) {
        constexpr std::size_t kTogether = 32;  // in registers
        for (std::int64_t t = begin; t < end; ++t) {
            std::size_t c = 0;
            for (; c + kTogether <= cols; c += kTogether) combine_columns<kTogether>(op, t, c);
            for (; c < cols; ++c) combine_columns<1>(op, t, c);
        }
    });
}

}  // namespace greenroom::kernels
