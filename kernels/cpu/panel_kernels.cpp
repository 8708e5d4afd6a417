#include "kernels/cpu/panel_kernels.hpp"

namespace greenroom::kernels {
namespace {

const PanelKernels* either(const PanelKernels* first, const PanelKernels* second) {
    return first != nullptr ? first : second;
}

}  // namespace

const PanelKernels* find_panel_kernels(CpuPath path, BlockType type) {
    switch (path) {
        case CpuPath::plain:
            return nullptr;
#if defined(__x86_64__)
        case CpuPath::avx2:
            return either(avx2_panel_kernels(type), avx2_lattice_kernels(type));
        case CpuPath::avx_vnni:
            return either(avx_vnni_panel_kernels(type), avx_vnni_lattice_kernels(type));
        case CpuPath::avx512:
        case CpuPath::amx:
            return either(avx512_panel_kernels(type), avx512_lattice_kernels(type));
#endif
        default:
            return nullptr;
    }
}

}  // namespace greenroom::kernels
