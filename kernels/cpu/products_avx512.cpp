#include "kernels/cpu/float_rows_lanes.hpp"
#include "kernels/cpu/lanes_avx512.hpp"
#include "kernels/cpu/panel_lanes_avx512.hpp"
#include "kernels/cpu/round_row.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/panel_table.hpp"

namespace greenroom::kernels {

const PanelKernels* avx512_panel_kernels(BlockType type) {
    return kernels_of(type);
}

const MultiplyRuns kAvx512Groups16 = kSuperRuns<kLatticeForm<16>>;
const MultiplyRuns kAvx512Groups32 = kSuperRuns<kLatticeForm<32>>;

void avx512_round_row(const RoundRow& op) {
    round_row_here(op);
}

const FloatKernels kAvx512FloatKernels = kFloatKernelsOf<LanesAvx512>;

}  // namespace greenroom::kernels
