// Random weights in any block format, fast enough to fill a large model: blocks are drawn from a
// pool that was made once. Knows no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
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

}  // namespace greenroom::runtime
