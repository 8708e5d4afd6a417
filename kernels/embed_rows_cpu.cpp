#include "kernels/embed_rows.hpp"
#include "kernels/mat_mul.hpp"

namespace greenroom::kernels {

void run_on_cpu(const EmbedRows& op, ThreadPool& pool) {
    pool.parallel_for(op.n_tokens, 8, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            dequantize_row(op.table, op.ids[t], op.out + t * op.table.cols);
        }
    });
}

}  // namespace greenroom::kernels
