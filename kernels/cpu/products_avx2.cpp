#include "kernels/cpu/float_rows_lanes.hpp"
#include "kernels/cpu/lanes_avx2.hpp"
#include "kernels/cpu/panel_lanes_avx2.hpp"
#include "kernels/cpu/round_row.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/panel_table.hpp"

namespace greenroom::kernels {

const PanelKernels* avx2_panel_kernels(BlockType type) {
    return kernels_of(type);
}

void avx2_round_row(const RoundRow& op) {
    round_row_here(op);
}

const FloatKernels kAvx2FloatKernels = kFloatKernelsOf<LanesAvx2>;

}  // namespace greenroom::kernels
