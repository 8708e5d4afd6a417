#include "kernels/device/products.cuh"
#include "kernels/quant/q2_k.hpp"
#include "kernels/quant/q3_k.hpp"
#include "kernels/quant/q4_k.hpp"
#include "kernels/quant/q5_k.hpp"
#include "kernels/quant/q6_k.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

const Products* k_products(BlockType type) {
    switch (type) {
        case BlockType::q2_k:
            return &kProducts<IntegerRows<Q2_K>>;
        case BlockType::q3_k:
            return &kProducts<IntegerRows<Q3_K>>;
        case BlockType::q4_k:
            return &kProducts<IntegerRows<Q4_K>>;
        case BlockType::q5_k:
            return &kProducts<IntegerRows<Q5_K>>;
        case BlockType::q6_k:
            return &kProducts<IntegerRows<Q6_K>>;
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
