// The integers of 32 columns as GPUs multiply them, and whole blocks made of such groups. Knows no
// format.
#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/quant/bytes.hpp"
#include "kernels/quant/normal_block.hpp"
#include "kernels/quant/on_device.hpp"

namespace greenroom::kernels {

// Each format defines unpack_group(block, g, out): columns 32g to 32g + 31 of a block. Column c of
// them, with h = c / 16, is (d[h] * scale[h]) * q[c] + m * offset[h] as in NormalBlock; formats
// without offsets leave m and offset alone.
struct Group {
    static constexpr int kColumns = 32;
    static constexpr int kWords = kColumns / 4;
    std::uint32_t q[kWords];  // column c is signed byte c % 4 of word c / 4
    std::int32_t scale[2], offset[2];
    float d[2], m;

    GREENROOM_SHARED void set_scales(float d_of_block, std::int32_t first, std::int32_t second) {
        d[0] = d[1] = d_of_block;
        scale[0] = first;
        scale[1] = second;
    }
    // For formats whose groups are 32 columns.
    GREENROOM_SHARED void set_scale(float d_of_block, std::int32_t of_group = 1) {
        set_scales(d_of_block, of_group, of_group);
    }
    GREENROOM_SHARED void set_offset(float m_of_block, std::int32_t of_group = 1) {
        m = m_of_block;
        offset[0] = offset[1] = of_group;
    }
};

// Half h of a group as columns 16 at to 16 at + 15 of a normal block.
template <class Block>
void put_half(const Group& group, int h, int at, NormalBlock& out) {
    std::memcpy(out.q + 16 * at, group.q + 4 * h, 16);
    out.d = group.d[h];
    out.m = Block::kHasOffset ? group.m : 0;
    out.scale[at] = group.scale[h];
    out.offset[at] = Block::kHasOffset ? group.offset[h] : 0;
}

// A whole block of a format that is one normal block.
template <class Block>
void unpack(const Block& block, NormalBlock& out) {
    for (int g = 0; g < Block::kElements / Group::kColumns; ++g) {
        Group group;
        unpack_group(block, g, group);
        for (int h = 0; h < 2; ++h) put_half<Block>(group, h, 2 * g + h, out);
    }
}

}  // namespace greenroom::kernels
