#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"
#include "kernels/silu_mul.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;

// One thread for an element.
struct SiluMulBody {
    SiluMul op;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const std::int64_t i = std::int64_t{thread.block_x()} * kThreads + thread.index();
        if (i >= op.n) return;
        op.out[i] = op.gate[i] / (1 + expf(-op.gate[i])) * op.up[i];
    }
};

}  // namespace

void silu_mul(const SiluMul& op, Stream& stream) {
    require(op.n > 0, "silu_mul: empty input");
    run_body("silu_mul",
             SiluMulBody{op},
             {.blocks_x = static_cast<unsigned>(groups_of(op.n, kThreads)), .threads = kThreads},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
