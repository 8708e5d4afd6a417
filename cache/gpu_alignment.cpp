#include "cache/gpu_alignment.hpp"

#include <algorithm>

#include "kernels/block_type.hpp"

namespace greenroom::cache {
namespace {

constexpr std::uint64_t kWidest = 16;  // bytes of a load

std::uint64_t alignment_of(kernels::BlockType type) {
    const kernels::BlockFormat& format = kernels::block_format(type);
    if (format.elements == 1) return kWidest;
    std::uint64_t out = 1;
    while (out < kWidest && format.bytes % (2 * out) == 0) out *= 2;
    return out;
}

bool serves(const ExpertHome& home, std::uint64_t shift) {
    return std::ranges::all_of(home.matrices(), [&](const MatrixHome* matrix) {
        const std::uint64_t at = io::widen(matrix->range).skip + kWidest - shift;
        return at % alignment_of(matrix->type) == 0;
    });
}

}  // namespace

std::optional<std::uint64_t> gpu_shift(const ExpertHome& home) {
    const std::uint64_t first = io::widen(home.gate.range).skip;
    for (std::uint64_t shift = 0; shift < kWidest && shift <= first; ++shift) {
        if (serves(home, shift)) return shift;
    }
    return std::nullopt;
}

}  // namespace greenroom::cache
