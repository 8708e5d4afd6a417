#include "kernels/device/attention_segments.hpp"

#include <gtest/gtest.h>

#include "kernels/device/ops.hpp"

namespace greenroom::kernels {
namespace {

SegmentRange seen(int first_position, int n_tokens, int window) {
    return segments_seen({.cache = {},
                          .q = nullptr,
                          .out = nullptr,
                          .n_tokens = n_tokens,
                          .n_heads = 1,
                          .first_position = first_position,
                          .window = window,
                          .scale = 1,
                          .scratch = nullptr});
}

TEST(AttentionSegments, BeginAtFixedPositions) {
    EXPECT_EQ(seen(0, 1, 0).end, 1);
    EXPECT_EQ(seen(127, 1, 0).end, 1);
    EXPECT_EQ(seen(127, 2, 0).end, 2);
    EXPECT_EQ(seen(1000, 8, 0).begin, 0);
}

TEST(AttentionSegments, AWindowLeavesTheFirstOnesOut) {
    EXPECT_EQ(seen(300, 2, 46).begin, 1);  // from position 255 on
    EXPECT_EQ(seen(300, 2, 45).begin, 2);
    EXPECT_EQ(seen(10, 1, 50).begin, 0);
}

TEST(AttentionSegments, ScratchIsEnoughForFewerTokensAndPositions) {
    EXPECT_EQ(device_attention_scratch(8, 1, 129), std::size_t{8 * 2 * kDevicePartial});
    EXPECT_EQ(device_attention_scratch(8, 512, 129),
              device_attention_scratch(8, kSplitTokens, 129));
    EXPECT_LE(device_attention_scratch(8, 2, 100), device_attention_scratch(8, 3, 1000));
}

}  // namespace
}  // namespace greenroom::kernels
