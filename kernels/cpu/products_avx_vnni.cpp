#include "kernels/cpu/panel_lanes_avx2.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/panel_table.hpp"

namespace greenroom::kernels {

const PanelKernels* avx_vnni_panel_kernels(BlockType type) {
    return kernels_of(type);
}

}  // namespace greenroom::kernels
