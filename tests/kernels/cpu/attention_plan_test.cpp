#include "kernels/cpu/attention_plan.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::kernels {
namespace {

Attention attention(int n_tokens, int n_heads, int first_position, int window) {
    return {.cache = {nullptr, nullptr, KvType::f16, 2, 24, 8},
            .q = nullptr,
            .out = nullptr,
            .n_tokens = n_tokens,
            .n_heads = n_heads,
            .first_position = first_position,
            .window = window,
            .scale = 1,
            .scratch = nullptr};
}

TEST(AttentionPlan, TilesCoverEveryQueryOnce) {
    const Attention op = attention(13, 6, 0, 0);
    const AttentionPlan plan(op);
    std::vector<int> seen(13 * 6);
    for (int i = 0; i < 2 * plan.tiles_per_head(); ++i) {
        const QueryTile tile = plan.tile(i);
        EXPECT_LE(tile.n, kQueryTile);
        for (int q = 0; q < tile.n; ++q) {
            const auto row = (plan.query(tile, q) - op.q) / op.cache.key_dim;
            EXPECT_EQ(row % 6 / 3, tile.kv_head);
            ++seen[static_cast<std::size_t>(row)];
        }
    }
    EXPECT_EQ(seen, std::vector<int>(13 * 6, 1));
}

TEST(AttentionPlan, StridesAreWholeRegisters) {
    const Attention op = attention(1, 2, 0, 0);
    const AttentionPlan plan(op);
    EXPECT_EQ(plan.key_stride, 32);
    EXPECT_EQ(plan.value_stride, 16);
}

TEST(AttentionPlan, AWindowLeavesOutTheBlocksBeforeIt) {
    const Attention op = attention(1, 2, 1299, 100);
    const AttentionPlan plan(op);
    const QueryTile tile = plan.tile(0);
    EXPECT_EQ(plan.n_segments, 2);
    EXPECT_EQ(plan.seen(tile, 0).begin, 1200);
    EXPECT_EQ(plan.seen(tile, 0).end, 1300);
    EXPECT_GE(plan.blocks_of(tile, 0).begin, plan.blocks_of(tile, 0).end);  // nothing is seen
    EXPECT_EQ(plan.blocks_of(tile, 1).begin, 1152);
    EXPECT_EQ(plan.blocks_of(tile, 1).end, 1300);
    EXPECT_EQ(plan.seen_in_block(tile, 0, 1152).begin, 48);
    EXPECT_EQ(plan.seen_in_block(tile, 0, 1152).end, 64);
}

}  // namespace
}  // namespace greenroom::kernels
