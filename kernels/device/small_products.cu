#include "kernels/device/products.cuh"
#include "kernels/quant/fp4.hpp"
#include "kernels/quant/iq4.hpp"
#include "kernels/quant/tq.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

const Products* small_products(BlockType type) {
    switch (type) {
        case BlockType::iq4_nl:
            return &kProducts<IntegerRows<IQ4_NL>>;
        case BlockType::iq4_xs:
            return &kProducts<IntegerRows<IQ4_XS>>;
        case BlockType::mxfp4:
            return &kProducts<IntegerRows<MXFP4>>;
        case BlockType::nvfp4:
            return &kProducts<IntegerRows<NVFP4>>;
        case BlockType::tq1_0:
            return &kProducts<IntegerRows<TQ1_0>>;
        case BlockType::tq2_0:
            return &kProducts<IntegerRows<TQ2_0>>;
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
