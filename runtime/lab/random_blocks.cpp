#include "runtime/lab/random_blocks.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/require.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kUnitElements = 256;
constexpr std::size_t kUnits = 4096;  // 2^12: a row of 16 units repeats another with chance 2^-192

// The sum of four uniform numbers: near normal, without outliers, the same on every machine.
float draw(Random& random) {
    const std::uint64_t bits = random();
    constexpr float kMean = 4 * 32767.5f;
    constexpr float kDeviation = 37837.2f;  // sqrt(4 * 65536^2 / 12)
    std::uint32_t sum = 0;
    for (int part = 0; part < 4; ++part) sum += bits >> (16 * part) & 0xffff;
    return (static_cast<float>(sum) - kMean) / kDeviation;
}

}  // namespace

RandomBlocks::RandomBlocks(kernels::BlockType type, float deviation, Random& random) {
    const kernels::BlockFormat& format = kernels::block_format(type);
    kernels::require(format.quantize != nullptr, "random_blocks: a type without a quantiser");
    unit_bytes_ = kUnitElements / format.elements * format.bytes;
    pool_.resize(kUnits * unit_bytes_);
    std::array<float, kUnitElements> values;
    for (std::size_t unit = 0; unit < kUnits; ++unit) {
        for (float& value : values) value = deviation * draw(random);
        format.quantize(
            values.data(), kUnitElements / format.elements, pool_.data() + unit * unit_bytes_);
    }
}

void RandomBlocks::fill(std::span<std::byte> blocks, Random& random) const {
    std::uint64_t bits = 0;
    for (int left = 0; !blocks.empty(); --left, bits >>= 12) {
        if (left == 0) {
            bits = random();
            left = 5;
        }
        const std::size_t n = std::min(unit_bytes_, blocks.size());
        std::memcpy(blocks.data(), pool_.data() + bits % kUnits * unit_bytes_, n);
        blocks = blocks.subspan(n);
    }
}

}  // namespace greenroom::runtime
