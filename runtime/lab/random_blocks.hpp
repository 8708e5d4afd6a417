// Random weights in any block format, fast enough to fill a large model: blocks are drawn from a
// pool that was made once. Knows no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "kernels/block_type.hpp"

namespace greenroom::runtime {

using Random = std::mt19937_64;

// Whether a format can be quantised to, or has one scale for each of its blocks of 256.
bool can_be_random(const kernels::BlockFormat& format);

class RandomBlocks {
 public:
    // Values around 0 with standard deviation `deviation`, 2^-10 to 1; in formats without a
    // quantiser each block's own is from half to twice that. Contract: can_be_random().
    RandomBlocks(kernels::BlockType type, float deviation, Random& random);

    // Whole blocks.
    void fill(std::span<std::byte> blocks, Random& random) const;

 private:
    std::size_t unit_bytes_;  // drawn at once: the blocks of kUnitElements elements
    std::vector<std::byte> pool_;
};

// The weights of a whole model, matrix by matrix. The same calls give the same bytes.
class RandomWeights {
 public:
    explicit RandomWeights(std::uint64_t seed) : random_(seed) {}

    // Rows of `cols` elements. A product with x of unit variance has unit variance, so activations
    // stay near 1 in every layer.
    void fill(kernels::BlockType type, std::uint64_t cols, std::span<std::byte> rows);
    // A norm.
    static void fill_ones(kernels::BlockType type, std::span<std::byte> vector);

 private:
    Random random_;
    std::map<std::pair<kernels::BlockType, std::uint64_t>, RandomBlocks> pools_;
};

}  // namespace greenroom::runtime
