#include "kernels/cpu/normal_form.hpp"

#include <algorithm>
#include <array>

#include "kernels/quant/fp4.hpp"
#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"
#include "kernels/quant/iq4.hpp"
#include "kernels/quant/q2_k.hpp"
#include "kernels/quant/q3_k.hpp"
#include "kernels/quant/q4.hpp"
#include "kernels/quant/q4_k.hpp"
#include "kernels/quant/q5.hpp"
#include "kernels/quant/q5_k.hpp"
#include "kernels/quant/q6_k.hpp"
#include "kernels/quant/q8.hpp"
#include "kernels/quant/tq.hpp"
#include "kernels/quant/unpack_part.hpp"

namespace greenroom::kernels {
namespace {

struct Row {
    BlockType type;
    NormalForm form;
};

template <class Block>
constexpr Row row(BlockType type) {
    return {type,
            {.columns = kPartColumns<Block>,
             .parts = n_parts<Block>(),
             .rounding = Block::kElements < 256 ? 32 : 256,
             .has_offset = Block::kHasOffset,
             .unpack = unpack_part<Block>}};
}

constexpr std::array kForms = {
    row<Q4_0>(BlockType::q4_0),       row<Q4_1>(BlockType::q4_1),
    row<Q5_0>(BlockType::q5_0),       row<Q5_1>(BlockType::q5_1),
    row<Q8_0>(BlockType::q8_0),       row<Q2_K>(BlockType::q2_k),
    row<Q3_K>(BlockType::q3_k),       row<Q4_K>(BlockType::q4_k),
    row<Q5_K>(BlockType::q5_k),       row<Q6_K>(BlockType::q6_k),
    row<IQ2_XXS>(BlockType::iq2_xxs), row<IQ2_XS>(BlockType::iq2_xs),
    row<IQ3_XXS>(BlockType::iq3_xxs), row<IQ1_S>(BlockType::iq1_s),
    row<IQ4_NL>(BlockType::iq4_nl),   row<IQ3_S>(BlockType::iq3_s),
    row<IQ2_S>(BlockType::iq2_s),     row<IQ4_XS>(BlockType::iq4_xs),
    row<IQ1_M>(BlockType::iq1_m),     row<TQ1_0>(BlockType::tq1_0),
    row<TQ2_0>(BlockType::tq2_0),     row<MXFP4>(BlockType::mxfp4),
    row<NVFP4>(BlockType::nvfp4),
};

}  // namespace

const NormalForm* find_normal_form(BlockType type) {
    const auto row = std::ranges::find(kForms, type, &Row::type);
    return row == kForms.end() ? nullptr : &row->form;
}

}  // namespace greenroom::kernels
