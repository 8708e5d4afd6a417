#include "kernels/device/block_sum.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"
#include "kernels/rms_norm.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;

// One block a row.
struct RmsNormBody {
    RmsNorm op;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const float* x = op.x + std::size_t{thread.block_x()} * static_cast<std::size_t>(op.cols);
        float* y = op.y + (x - op.x);
        float sum = 0;
        for (int c = static_cast<int>(thread.index()); c < op.cols; c += kThreads) {
            sum += x[c] * x[c];
        }
        const float mean = block_sum(thread, sum) / static_cast<float>(op.cols);
        const float scale = 1.0F / sqrtf(mean + op.eps);
        for (int c = static_cast<int>(thread.index()); c < op.cols; c += kThreads) {
            y[c] = x[c] * scale * op.w[c];
        }
    }
};

}  // namespace

void rms_norm(const RmsNorm& op, Stream& stream) {
    require(op.rows > 0 && op.cols > 0, "rms_norm: empty input");
    run_body("rms_norm",
             RmsNormBody{op},
             {.blocks_x = static_cast<unsigned>(op.rows),
              .threads = kThreads,
              .shared_bytes = kBlockSumBytes},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
