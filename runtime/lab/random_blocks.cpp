#include "runtime/lab/random_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
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

float root_mean_square(std::span<const float> values) {
    float squares = 0;
    for (const float value : values) squares += value * value;
    return std::sqrt(squares / static_cast<float>(values.size()));
}

// A block of a format without a quantiser: any bytes whose values have half to twice the deviation.
// Its scale is an f16, two of whose 32 exponents do: about sixteen draws.
void draw_block(const kernels::BlockFormat& format,
                float deviation,
                Random& random,
                std::byte* block) {
    std::array<float, kUnitElements> values;
    const auto decoded = std::span(values).first(format.elements);
    float found = 0;
    do {
        for (std::uint32_t i = 0; i < format.bytes; ++i) {
            block[i] = static_cast<std::byte>(random() >> 56);
        }
        format.dequantize(block, 1, values.data());
        found = root_mean_square(decoded);
    } while (!(found > deviation / 2 && found < deviation * 2));
}

}  // namespace

bool can_be_random(const kernels::BlockFormat& format) {
    return format.quantize != nullptr || format.elements == kUnitElements;
}

RandomBlocks::RandomBlocks(kernels::BlockType type, float deviation, Random& random) {
    const kernels::BlockFormat& format = kernels::block_format(type);
    kernels::require(can_be_random(format), "random_blocks: a format that cannot be drawn");
    unit_bytes_ = kUnitElements / format.elements * format.bytes;
    pool_.resize(kUnits * unit_bytes_);
    std::array<float, kUnitElements> values;
    const std::size_t blocks = kUnitElements / format.elements;
    for (std::size_t unit = 0; unit < kUnits; ++unit) {
        std::byte* out = pool_.data() + unit * unit_bytes_;
        if (format.quantize == nullptr) {
            for (std::size_t b = 0; b < blocks; ++b) {
                draw_block(format, deviation, random, out + b * format.bytes);
            }
            continue;
        }
        for (float& value : values) value = deviation * draw(random);
        format.quantize(values.data(), blocks, out);
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

void RandomWeights::fill(kernels::BlockType type, std::uint64_t cols, std::span<std::byte> rows) {
    auto pool = pools_.find({type, cols});
    if (pool == pools_.end()) {
        const float deviation = 1 / std::sqrt(static_cast<float>(cols));
        pool = pools_.emplace(std::pair(type, cols), RandomBlocks(type, deviation, random_)).first;
    }
    pool->second.fill(rows, random_);
}

void RandomWeights::fill_ones(kernels::BlockType type, std::span<std::byte> vector) {
    const kernels::BlockFormat& format = kernels::block_format(type);
    const std::size_t n_blocks = vector.size() / format.bytes;
    const std::vector<float> ones(n_blocks * format.elements, 1.0f);
    format.quantize(ones.data(), n_blocks, vector.data());
}

}  // namespace greenroom::runtime
