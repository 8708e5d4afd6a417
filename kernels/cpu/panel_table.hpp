// Which code belongs to a block type, on one instruction set. Include a panel_lanes_*.hpp first.
#pragma once

#include "kernels/cpu/panel_batches.hpp"

namespace greenroom::kernels {
namespace {

template <class T>
constexpr PanelKernels kSimple = {
    multiply_one_simple<T>, unpack_simple<T>, kSimpleRuns<kSimpleForm<T>>};

template <class T>
constexpr PanelKernels kSuper = {multiply_one_super<T>, unpack_super<T>, kSuperRuns<kSuperForm<T>>};

inline const PanelKernels* kernels_of(BlockType type) {
    switch (type) {
        case BlockType::q4_0:
            return &kSimple<Q4_0>;
        case BlockType::q4_1:
            return &kSimple<Q4_1>;
        case BlockType::q5_0:
            return &kSimple<Q5_0>;
        case BlockType::q5_1:
            return &kSimple<Q5_1>;
        case BlockType::q8_0:
            return &kSimple<Q8_0>;
        case BlockType::iq4_nl:
            return &kSimple<Iq4Nl>;
        case BlockType::mxfp4:
            return &kSimple<Mxfp4>;
        case BlockType::nvfp4:
            return &kSimple<Nvfp4>;
        case BlockType::q2_k:
            return &kSuper<Q2K>;
        case BlockType::q3_k:
            return &kSuper<Q3K>;
        case BlockType::q4_k:
            return &kSuper<Q4K>;
        case BlockType::q5_k:
            return &kSuper<Q5K>;
        case BlockType::q6_k:
            return &kSuper<Q6K>;
        case BlockType::iq4_xs:
            return &kSuper<Iq4Xs>;
        case BlockType::tq1_0:
            return &kSuper<Tq1_0>;
        case BlockType::tq2_0:
            return &kSuper<Tq2_0>;
        default:
            return nullptr;
    }
}

}  // namespace
}  // namespace greenroom::kernels
