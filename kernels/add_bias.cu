#include "kernels/add_bias.hpp"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;

// One thread for an element; a block lies within a row.
struct AddBiasBody {
    AddBias op;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const auto c = static_cast<int>(thread.block_y() * kThreads + thread.index());
        if (c >= op.cols) return;
        op.y[std::size_t{thread.block_x()} * static_cast<std::size_t>(op.cols) + c] += op.bias[c];
    }
};

}  // namespace

void add_bias(const AddBias& op, Stream& stream) {
    require(op.n_tokens > 0 && op.cols > 0, "add_bias: empty input");
    run_body("add_bias",
             AddBiasBody{op},
             {.blocks_x = static_cast<unsigned>(op.n_tokens),
              .blocks_y = static_cast<unsigned>(groups_of(op.cols, kThreads)),
              .threads = kThreads},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
