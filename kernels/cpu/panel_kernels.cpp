#include "kernels/cpu/panel_kernels.hpp"

namespace greenroom::kernels {

const PanelKernels* find_panel_kernels(CpuPath path, BlockType type) {
    switch (path) {
        case CpuPath::plain:
            return nullptr;
#if defined(__x86_64__)
        case CpuPath::avx2:
            return avx2_panel_kernels(type);
        case CpuPath::avx_vnni:
            return avx_vnni_panel_kernels(type);
        case CpuPath::avx512:
        case CpuPath::amx:
            return avx512_panel_kernels(type);
#endif
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels
