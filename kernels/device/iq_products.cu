#include "kernels/device/products.cuh"
#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

const Products* iq_products(BlockType type) {
    switch (type) {
        case BlockType::iq1_s:
            return &kProducts<IntegerRows<IQ1_S>>;
        case BlockType::iq1_m:
            return &kProducts<IntegerRows<IQ1_M>>;
        case BlockType::iq2_xxs:
            return &kProducts<IntegerRows<IQ2_XXS>>;
        case BlockType::iq2_xs:
            return &kProducts<IntegerRows<IQ2_XS>>;
        case BlockType::iq2_s:
            return &kProducts<IntegerRows<IQ2_S>>;
        case BlockType::iq3_xxs:
            return &kProducts<IntegerRows<IQ3_XXS>>;
        case BlockType::iq3_s:
            return &kProducts<IntegerRows<IQ3_S>>;
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
