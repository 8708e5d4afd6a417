#include "kernels/cpu/panel_lanes_avx512.hpp"
//
#include "kernels/cpu/panel_batches.hpp"
#include "kernels/cpu/round_row.hpp"

namespace greenroom::kernels {

const PanelKernels* avx512_panel_kernels(BlockType type) {
    return kernels_of(type);
}
void avx512_round_row(const RoundRow& op) {
    round_row_here(op);
}

}  // namespace greenroom::kernels
