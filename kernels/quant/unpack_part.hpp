// How to read a block of any format as normal blocks. Knows no format.
#pragma once

#include <cstddef>

#include "kernels/quant/group.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::kernels {

// How many normal blocks a block of the format is.
template <class Block>
constexpr int n_parts() {
    if constexpr (requires { Block::kParts; }) {
        return Block::kParts;
    } else {
        return 1;
    }
}

// Columns of each of them.
template <class Block>
constexpr int kPartColumns = Block::kElements / n_parts<Block>();

// Block structs hold bytes alone, so they may be read at any address.
template <class Block>
void unpack_part(const std::byte* bytes, int part, NormalBlock& out) {
    const auto& block = *reinterpret_cast<const Block*>(bytes);
    if constexpr (n_parts<Block>() > 1) {
        static_assert(kPartColumns<Block> == NormalBlock::kGroup);
        Group group;
        unpack_group(block, part / 2, group);
        put_half<Block>(group, part % 2, 0, out);
    } else {
        unpack(block, out);
    }
}

}  // namespace greenroom::kernels
