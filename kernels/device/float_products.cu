#include "kernels/device/products.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

const Products* float_products(BlockType type) {
    switch (type) {
        case BlockType::f32:
            return &kProducts<FloatRows<F32>>;
        case BlockType::f16:
            return &kProducts<FloatRows<F16>>;
        case BlockType::bf16:
            return &kProducts<FloatRows<BF16>>;
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
