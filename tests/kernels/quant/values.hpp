// The values of blocks that a test builds by hand.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "kernels/block_type.hpp"

namespace greenroom::kernels {

template <class Block>
std::vector<float> values_of(BlockType type, const Block& block) {
    std::vector<float> values(Block::kElements);
    block_format(type).dequantize(reinterpret_cast<const std::byte*>(&block), 1, values.data());
    return values;
}

// The elements where two blocks differ, with the values of the first.
template <class Block>
std::map<int, float> differences(BlockType type, const Block& block, const Block& other) {
    const std::vector<float> a = values_of(type, block), b = values_of(type, other);
    std::map<int, float> found;
    for (int i = 0; i < Block::kElements; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (a[at] != b[at]) found[i] = a[at];
    }
    return found;
}

}  // namespace greenroom::kernels
