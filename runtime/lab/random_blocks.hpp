// Random weights in any block format, fast enough to fill a large model: blocks are drawn from a
// pool that was quantised once. Knows no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "kernels/block_type.hpp"

namespace greenroom::runtime {

using Random = std::mt19937_64;

class RandomBlocks {
 public:
    // Values around 0 with standard deviation `deviation`. Contract: the type can be quantised to.
    RandomBlocks(kernels::BlockType type, float deviation, Random& random);

    // Whole blocks.
    void fill(std::span<std::byte> blocks, Random& random) const;

 private:
    std::size_t unit_bytes_;  // drawn at once: the blocks of kUnitElements elements
    std::vector<std::byte> pool_;
};

}  // namespace greenroom::runtime
