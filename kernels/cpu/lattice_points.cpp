#include "kernels/cpu/lattice_points.hpp"

#include "kernels/quant/lattice_bytes.hpp"

namespace greenroom::kernels {

alignas(64) constinit const std::array<std::uint64_t, 256> kIq2XxsPoints =
    spread<std::uint64_t, 2>(kIq2XxsLattice, kIq2Values, 1 << kPointShift);
alignas(64) constinit const std::array<std::uint64_t, 512> kIq2XsPoints =
    spread<std::uint64_t, 2>(kIq2XsLattice, kIq2Values, 1 << kPointShift);
alignas(64) constinit const std::array<std::uint64_t, 1024> kIq2SPoints =
    spread<std::uint64_t, 2>(kIq2SLattice, kIq2Values, 1 << kPointShift);
alignas(64) constinit const std::array<std::uint64_t, 2048> kIq1Points =
    spread<std::uint64_t, 2>(kIq1Lattice, kIq1Values, 1 << kPointShift);
alignas(64) constinit const std::array<std::uint32_t, 256> kIq3XxsPoints =
    spread<std::uint32_t, 4>(kIq3XxsLattice, kIq3XxsValues, 1 << kPointShift);
alignas(64) constinit const std::array<std::uint32_t, 512> kIq3SPoints =
    spread<std::uint32_t, 4>(kIq3SLattice, kIq3SValues, 1 << kPointShift);

}  // namespace greenroom::kernels
