#include "kernels/combine.hpp"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;

// One thread for an element of the output; a block lies within a row.
struct CombineBody {
    Combine op;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const auto c = static_cast<int>(thread.block_y() * kThreads + thread.index());
        if (c >= op.cols) return;
        const auto cols = static_cast<std::size_t>(op.cols);
        const std::size_t token = thread.block_x();
        const std::int32_t* rows = op.rows + token * static_cast<std::size_t>(op.k);
        const float* weights = op.weights + token * static_cast<std::size_t>(op.k);
        float sum = op.out[token * cols + c];
        for (int s = 0; s < op.k; ++s) {
            sum += weights[s] * op.partials[static_cast<std::size_t>(rows[s]) * cols + c];
        }
        op.out[token * cols + c] = sum;
    }
};

}  // namespace

void combine(const Combine& op, Stream& stream) {
    require(op.n_tokens > 0 && op.cols > 0 && op.k > 0, "combine: empty input");
    run_body("combine",
             CombineBody{op},
             {.blocks_x = static_cast<unsigned>(op.n_tokens),
              .blocks_y = static_cast<unsigned>(groups_of(op.cols, kThreads)),
              .threads = kThreads},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
