#include <bit>

#include "kernels/device/vocabulary.cuh"
#include "kernels/embed_rows.hpp"
#include "kernels/quant/fp4.hpp"
#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"
#include "kernels/quant/iq4.hpp"
#include "kernels/quant/q2_k.hpp"
#include "kernels/quant/q3_k.hpp"
#include "kernels/quant/q4.hpp"
#include "kernels/quant/q4_k.hpp"
#include "kernels/quant/q5.hpp"
#include "kernels/quant/q5_k.hpp"
#include "kernels/quant/q6_k.hpp"
#include "kernels/quant/q8.hpp"
#include "kernels/quant/tq.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 128;

// Columns [first, first + Group::kColumns) of a row of blocks, each the value that the format
// defines, bit by bit.
template <class Block>
struct BlockRow {
    GREENROOM_DEVICE static void widen(
        const Thread& thread, const std::byte* row, int first, int /*cols*/, float* out) {
        Group group;
        unpack_group(reinterpret_cast<const Block*>(row)[first / Block::kElements],
                     first % Block::kElements / Group::kColumns,
                     group);
        for (int c = 0; c < Group::kColumns; ++c) {
            const int h = c / 16;
            const auto q = static_cast<std::int8_t>(group.q[c / 4] >> (c % 4 * 8));
            const float step = group.d[h] * static_cast<float>(group.scale[h]);
            out[c] = thread.rounded_product(step, q);
            if constexpr (Block::kHasOffset) {
                out[c] += thread.rounded_product(group.m, static_cast<float>(group.offset[h]));
            }
        }
    }
};

// The same of a row of floats, where the row may end sooner.
template <BlockType kType>
struct FloatRow {
    using Bits = std::conditional_t<kType == BlockType::f32, std::uint32_t, std::uint16_t>;

    GREENROOM_DEVICE static void widen(
        const Thread&, const std::byte* row, int first, int cols, float* out) {
        const auto* const bits = reinterpret_cast<const Bits*>(row) + first;
        for (int c = 0; c < Group::kColumns && first + c < cols; ++c) {
            if constexpr (kType == BlockType::f32) {
                out[c] = std::bit_cast<float>(bits[c]);
            } else if constexpr (kType == BlockType::f16) {
                out[c] = f16_value(bits[c]);
            } else {
                out[c] = bf16_to_f32(bits[c]);
            }
        }
    }
};

// A thread for a group of columns of one token.
template <class Row>
struct EmbedRowsBody {
    EmbedRows op;
    std::size_t row_bytes;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const auto group = static_cast<int>(thread.block_y() * kThreads + thread.index());
        const int first = group * Group::kColumns;
        const auto cols = static_cast<int>(op.table.cols);
        if (first >= cols) return;
        const std::size_t token = thread.block_x();
        const std::byte* row = op.table.data + static_cast<std::size_t>(op.ids[token]) * row_bytes;
        Row::widen(thread, row, first, cols, op.out + token * static_cast<unsigned>(cols) + first);
    }
};

template <class Row>
void embed(const EmbedRows& op, Stream& stream) {
    const auto n_groups = static_cast<unsigned>(groups_of(op.table.cols, Group::kColumns));
    run_body("embed_rows",
             EmbedRowsBody<Row>{op, op.table.row_bytes()},
             {.blocks_x = static_cast<unsigned>(op.n_tokens),
              .blocks_y = static_cast<unsigned>(groups_of(n_groups, kThreads)),
              .threads = kThreads},
             stream);
}

using Embed = void (*)(const EmbedRows&, Stream&);

Embed embed_of(BlockType type) {
    switch (type) {
        case BlockType::f32:
            return embed<FloatRow<BlockType::f32>>;
        case BlockType::f16:
            return embed<FloatRow<BlockType::f16>>;
        case BlockType::bf16:
            return embed<FloatRow<BlockType::bf16>>;
        case BlockType::q4_0:
            return embed<BlockRow<Q4_0>>;
        case BlockType::q4_1:
            return embed<BlockRow<Q4_1>>;
        case BlockType::q5_0:
            return embed<BlockRow<Q5_0>>;
        case BlockType::q5_1:
            return embed<BlockRow<Q5_1>>;
        case BlockType::q8_0:
            return embed<BlockRow<Q8_0>>;
        case BlockType::q2_k:
            return embed<BlockRow<Q2_K>>;
        case BlockType::q3_k:
            return embed<BlockRow<Q3_K>>;
        case BlockType::q4_k:
            return embed<BlockRow<Q4_K>>;
        case BlockType::q5_k:
            return embed<BlockRow<Q5_K>>;
        case BlockType::q6_k:
            return embed<BlockRow<Q6_K>>;
        case BlockType::iq2_xxs:
            return embed<BlockRow<IQ2_XXS>>;
        case BlockType::iq2_xs:
            return embed<BlockRow<IQ2_XS>>;
        case BlockType::iq3_xxs:
            return embed<BlockRow<IQ3_XXS>>;
        case BlockType::iq1_s:
            return embed<BlockRow<IQ1_S>>;
        case BlockType::iq4_nl:
            return embed<BlockRow<IQ4_NL>>;
        case BlockType::iq3_s:
            return embed<BlockRow<IQ3_S>>;
        case BlockType::iq2_s:
            return embed<BlockRow<IQ2_S>>;
        case BlockType::iq4_xs:
            return embed<BlockRow<IQ4_XS>>;
        case BlockType::iq1_m:
            return embed<BlockRow<IQ1_M>>;
        case BlockType::tq1_0:
            return embed<BlockRow<TQ1_0>>;
        case BlockType::tq2_0:
            return embed<BlockRow<TQ2_0>>;
        case BlockType::mxfp4:
            return embed<BlockRow<MXFP4>>;
        case BlockType::nvfp4:
            return embed<BlockRow<NVFP4>>;
    }
    return nullptr;
}

}  // namespace

void embed_rows(const EmbedRows& op, Stream& stream) {
    require(op.n_tokens > 0 && op.table.cols > 0, "embed_rows: empty input");
    require(op.table.layout == Layout::rows, "embed_rows: a table in panels");
    const Embed run = embed_of(op.table.type);
    require(run != nullptr, "embed_rows: a type without a body");
    run(op, stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
