#include "kernels/cpu/lattice_points.hpp"

#include <cstddef>

#include "kernels/quant/iq1_lattice.hpp"
#include "kernels/quant/iq2_lattice.hpp"
#include "kernels/quant/iq3_lattice.hpp"

namespace greenroom::kernels {
namespace {

// Points whose coordinates take `bits` bits each, as indices into `values`.
template <class Bytes, int bits, std::size_t n, std::size_t n_values>
constexpr std::array<Bytes, n> spread(const std::array<std::uint16_t, n>& lattice,
                                      const std::array<std::int8_t, n_values>& values) {
    std::array<Bytes, n> points{};
    for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t i = 0; i < sizeof(Bytes); ++i) {
            const int index = lattice[p] >> (bits * i) & ((1 << bits) - 1);
            const int byte = values[static_cast<std::size_t>(index)] + (1 << kPointShift);
            points[p] |= static_cast<Bytes>(byte) << (8 * i);
        }
    }
    return points;
}

constexpr std::array<std::int8_t, 3> kIq1Values = {-8, 0, 8};

}  // namespace

alignas(64) constinit const std::array<std::uint64_t, 256> kIq2XxsPoints =
    spread<std::uint64_t, 2>(kIq2XxsLattice, kIq2Values);
alignas(64) constinit const std::array<std::uint64_t, 512> kIq2XsPoints =
    spread<std::uint64_t, 2>(kIq2XsLattice, kIq2Values);
alignas(64) constinit const std::array<std::uint64_t, 1024> kIq2SPoints =
    spread<std::uint64_t, 2>(kIq2SLattice, kIq2Values);
alignas(64) constinit const std::array<std::uint64_t, 2048> kIq1Points =
    spread<std::uint64_t, 2>(kIq1Lattice, kIq1Values);
alignas(64) constinit const std::array<std::uint32_t, 256> kIq3XxsPoints =
    spread<std::uint32_t, 4>(kIq3XxsLattice, kIq3XxsValues);
alignas(64) constinit const std::array<std::uint32_t, 512> kIq3SPoints =
    spread<std::uint32_t, 4>(kIq3SLattice, kIq3SValues);

}  // namespace greenroom::kernels
