// The points of the IQ formats' lattices as vectors read them: bytes, each value plus 64. Knows no
// instruction set.
#pragma once

#include <array>
#include <cstdint>

namespace greenroom::kernels {

constexpr int kPointShift = 6;  // 2^6 makes every value positive, with either sign

// Coordinate i in byte i, by the index that the format stores.
extern const std::array<std::uint64_t, 256> kIq2XxsPoints;
extern const std::array<std::uint64_t, 512> kIq2XsPoints;
extern const std::array<std::uint64_t, 1024> kIq2SPoints;
extern const std::array<std::uint64_t, 2048> kIq1Points;  // eight times the coordinate
extern const std::array<std::uint32_t, 256> kIq3XxsPoints;
extern const std::array<std::uint32_t, 512> kIq3SPoints;

}  // namespace greenroom::kernels
