#include "kernels/cpu/panel_lanes_avx2.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/lattice_products.hpp"

namespace greenroom::kernels {
namespace {

// Unpacked runs have no tables to wait for.
struct Runs {
    static constexpr const MultiplyRuns& by_16 = kAvx512Groups16;
    static constexpr const MultiplyRuns& by_32 = kAvx512Groups32;
};

}  // namespace

const PanelKernels* avx512_lattice_kernels(BlockType type) {
    return lattice_kernels_of<Runs>(type);
}

}  // namespace greenroom::kernels
