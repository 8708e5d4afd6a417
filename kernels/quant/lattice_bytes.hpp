// The points of the IQ formats' lattices with a byte for each coordinate, as groups of columns are
// made of them. Knows no packing of indices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/quant/bytes.hpp"
#include "kernels/quant/iq1_lattice.hpp"
#include "kernels/quant/iq2_lattice.hpp"
#include "kernels/quant/iq3_lattice.hpp"
#include "kernels/quant/on_device.hpp"

namespace greenroom::kernels {

// Points whose coordinates take `bits` bits each, as indices into `values`, each plus `more`.
template <class Bytes, int bits, std::size_t n, std::size_t n_values>
constexpr std::array<Bytes, n> spread(const std::array<std::uint16_t, n>& lattice,
                                      const std::array<std::int8_t, n_values>& values,
                                      int more = 0) {
    std::array<Bytes, n> points{};
    for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t i = 0; i < sizeof(Bytes); ++i) {
            const int index = lattice[p] >> (bits * i) & ((1 << bits) - 1);
            const int byte = values[static_cast<std::size_t>(index)] + more;
            points[p] |= static_cast<Bytes>(byte) << (8 * i);
        }
    }
    return points;
}

// Eight times the coordinates of IQ1, which are -1, 0 and 1.
constexpr std::array<std::int8_t, 3> kIq1Values = {-8, 0, 8};
constexpr int kIq1More = 8;  // makes them bytes that carry nothing into each other

GREENROOM_SHARED_TABLE std::array<std::uint64_t, 2048> kIq1Bytes =
    spread<std::uint64_t, 2>(kIq1Lattice, kIq1Values, kIq1More);
GREENROOM_SHARED_TABLE std::array<std::uint64_t, 256> kIq2XxsBytes =
    spread<std::uint64_t, 2>(kIq2XxsLattice, kIq2Values);
GREENROOM_SHARED_TABLE std::array<std::uint64_t, 512> kIq2XsBytes =
    spread<std::uint64_t, 2>(kIq2XsLattice, kIq2Values);
GREENROOM_SHARED_TABLE std::array<std::uint64_t, 1024> kIq2SBytes =
    spread<std::uint64_t, 2>(kIq2SLattice, kIq2Values);
GREENROOM_SHARED_TABLE std::array<std::uint32_t, 256> kIq3XxsBytes =
    spread<std::uint32_t, 4>(kIq3XxsLattice, kIq3XxsValues);
GREENROOM_SHARED_TABLE std::array<std::uint32_t, 512> kIq3SBytes =
    spread<std::uint32_t, 4>(kIq3SLattice, kIq3SValues);

// Eight columns: a point's bytes, all positive, with eight signs.
GREENROOM_SHARED inline void put_signed(std::uint64_t bytes,
                                        std::uint32_t signs,
                                        std::uint32_t* out) {
    out[0] = with_signs(static_cast<std::uint32_t>(bytes), signs);
    out[1] = with_signs(static_cast<std::uint32_t>(bytes >> 32), signs >> 4);
}

}  // namespace greenroom::kernels
