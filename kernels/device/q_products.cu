#include "kernels/device/products.cuh"
#include "kernels/quant/q4.hpp"
#include "kernels/quant/q5.hpp"
#include "kernels/quant/q8.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

const Products* q_products(BlockType type) {
    switch (type) {
        case BlockType::q4_0:
            return &kProducts<IntegerRows<Q4_0>>;
        case BlockType::q4_1:
            return &kProducts<IntegerRows<Q4_1>>;
        case BlockType::q5_0:
            return &kProducts<IntegerRows<Q5_0>>;
        case BlockType::q5_1:
            return &kProducts<IntegerRows<Q5_1>>;
        case BlockType::q8_0:
            return &kProducts<IntegerRows<Q8_0>>;
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
