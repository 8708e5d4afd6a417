// The interleaved layout of weights: 16 rows side by side, so that a vector's lanes are rows. Knows
// no instruction set.
#pragma once

#include <cstddef>

#include "kernels/block_type.hpp"
#include "kernels/matrix.hpp"

namespace greenroom::kernels {

// A panel holds 16 rows, block by block; within a block, field by field; within a field unit u
// (1, 2 or 4 bytes) of row r lies at [u * 16 + r]. So a panel is as long as its 16 rows, and what
// lies at byte o of a block begins at byte 16 * o of a panel's block. One field is changed: the 32
// high bits of Q5_0 and Q5_1, where bit w of byte i belongs to column 4 * w + i.
constexpr int kPanelRows = 16;

// Whether the type has a panel layout.
bool has_panels(BlockType type);

// Packs n blocks from each of n_rows <= 16 rows, `row_bytes` apart; absent rows become zeros.
struct PanelPacking {
    BlockType type;
    const std::byte* rows;
    std::size_t row_bytes;
    int n_rows;
    std::int64_t n_blocks;
    std::byte* panel;  // (n_blocks, 16 * bytes of a block)
};
void pack(const PanelPacking& packing);

// One block of one row of a panel, as the format has it. `panel_block` is that block of 16 rows.
void unpack_block(BlockType type, const std::byte* panel_block, int row, std::byte* block);

}  // namespace greenroom::kernels
