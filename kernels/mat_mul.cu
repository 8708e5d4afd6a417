#include <limits>

#include "kernels/device/products.cuh"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

// Fewer tokens each read the weights for themselves: those who come later find them in a cache.
constexpr int kFewestForTiles = 3;

}  // namespace

const Products& products(BlockType type) {
    const Products* found = nullptr;
    for (const auto find : {q_products, k_products, iq_products, small_products, float_products}) {
        if (found == nullptr) found = find(type);
    }
    require(found != nullptr, "device products: a type without a body");
    return *found;
}

void mat_mul(const DeviceMatMul& op, Stream& stream) {
    require(op.n_tokens > 0 && op.w.rows > 0 && op.w.cols > 0, "mat_mul: empty input");
    require(op.w.rows <= std::numeric_limits<std::int32_t>::max() / 2 &&
                op.w.cols <= std::numeric_limits<std::int32_t>::max() / 2,
            "mat_mul: a matrix too large");
    require(op.w.layout == Layout::rows, "mat_mul: a layout that is not for devices");
    const Products& found = products(op.w.type);
    if (op.n_tokens >= kFewestForTiles) return found.tiles("mat_mul", op, stream);
    found.rows("mat_mul",
               {.w = op.w,
                .x = op.x,
                .y = op.y,
                .n = op.n_tokens,
                .finish = op.adds ? Finish::add : Finish::store},
               stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
