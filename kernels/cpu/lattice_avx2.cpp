#include "kernels/cpu/panel_lanes_avx2.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/lattice_products.hpp"

namespace greenroom::kernels {
namespace {

struct Runs {
    static constexpr const MultiplyRuns& by_16 = kSuperRuns<kLatticeForm<16>>;
    static constexpr const MultiplyRuns& by_32 = kSuperRuns<kLatticeForm<32>>;
};

}  // namespace

const PanelKernels* avx2_lattice_kernels(BlockType type) {
    return lattice_kernels_of<Runs>(type);
}

}  // namespace greenroom::kernels
