#include "kernels/cpu/panel_lanes_avx2.hpp"
//
#include "kernels/cpu/panel_batches.hpp"
#include "kernels/cpu/round_row.hpp"

namespace greenroom::kernels {

const PanelKernels* avx2_panel_kernels(BlockType type) {
    return kernels_of(type);
}
void avx2_round_row(const RoundRow& op) {
    round_row_here(op);
}

}  // namespace greenroom::kernels
