#include "kernels/attention.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "kernels/device/attention_segments.hpp"
#include "tests/support/attention_case.hpp"
#include "tests/support/device_case.hpp"

namespace greenroom::kernels {
namespace {

using tests::AttentionCase;
using tests::AttentionShape;
using tests::DeviceCase;
using tests::OnDevice;

constexpr AttentionShape kShapes[] = {
    {1, 1, 32, 32, 0, 1, 0},      // one position
    {4, 2, 32, 32, 0, 7, 0},      // less than a segment
    {8, 2, 64, 64, 125, 6, 0},    // across the edge of a segment, wider tiles
    {8, 1, 128, 96, 200, 1, 0},   // keys and values of different length, over two segments
    {3, 3, 32, 64, 120, 13, 0},   // every query has its own keys
    {24, 1, 32, 32, 100, 1, 0},   // more queries than a tile
    {4, 2, 32, 32, 300, 5, 50},   // a window that has left its first segments
    {2, 1, 32, 32, 500, 2, 100},  // and that is spread
    {2, 1, 32, 32, 127, 1, 0},    // a segment to its end
    {1, 1, 256, 256, 140, 1, 0},  // the longest heads
};
constexpr KvType kTypes[] = {KvType::f32, KvType::f16, KvType::q8_0};

// (n, n_heads, value_dim) for tokens [first, first + n) of the case.
std::vector<float> on_device(DeviceCase& device, AttentionCase& c, int first, int n) {
    OnDevice<std::byte> keys(device, c.keys()), values(device, c.values());
    OnDevice<float> q(device, c.q()), out(device, c.out_floats(n));
    OnDevice<float> scratch(device,
                            device_attention_scratch(c.shape().n_heads, n, c.n_positions()));
    Attention op = c.op(c.cache(keys.data(), values.data()), q.data(), first, n);
    op.out = out.data();
    op.scratch = scratch.data();
    launch(op, device.stream());
    scratch.values();  // looks at its canaries
    return out.values();
}

// In half ulps u, with d elements of a key, n positions seen in m segments and S the sum of the
// magnitudes of a score's products: the query times the scale is off by one, the score of d
// products by d more, both of S. What goes into exp is a difference of at most 2 S, rounded once;
// exp on a card adds 4. Merging multiplies by exp of differences that add up to 2 S, and by two
// more exps and two products a segment. An average moves by twice the error of its weights. The
// sums of n terms, above and below, add n each, and the quotient one.
double bound_of(const AttentionCase& c, const AttentionCase::Expected& expected) {
    constexpr double kHalfUlp = 0x1p-24;
    const int n_segments = expected.n_seen / kDeviceSegment + 2;
    const double weight = (c.shape().key_dim + 1 + 4) * expected.largest_sum + 4 + 10 * n_segments;
    return expected.largest_value * kHalfUlp * (2 * weight + 2 * expected.n_seen + 1);
}

TEST(AttentionBody, AgreesWithTheDefinitionWithinRounding) {
    for (const AttentionShape& shape : kShapes) {
        for (const KvType type : kTypes) {
            SCOPED_TRACE(testing::Message()
                         << "shape " << &shape - kShapes << ", type " << static_cast<int>(type));
            AttentionCase c(shape, type);
            const std::vector<float> out = tests::in_both_orders(
                [&](DeviceCase& device) { return on_device(device, c, 0, shape.n_tokens); });
            const float* at = out.data();
            for (int row = 0; row < shape.n_tokens * shape.n_heads; ++row) {
                const auto expected = c.expected(row / shape.n_heads, row % shape.n_heads);
                for (const double value : expected.out) {
                    ASSERT_NEAR(*at++, value, bound_of(c, expected)) << "row " << row;
                }
            }
        }
    }
}

TEST(AttentionBody, TakesHeadsOfAnyLength) {
    for (const auto& [key_dim, value_dim] : {std::array{8, 8}, {16, 12}, {24, 1}, {40, 72}}) {
        const AttentionShape shape{2, 1, key_dim, value_dim, 130, 2, 0};
        AttentionCase c(shape, KvType::f16);
        DeviceCase device;
        const std::vector<float> out = on_device(device, c, 0, 2);
        const float* at = out.data();
        for (int row = 0; row < 4; ++row) {
            const auto expected = c.expected(row / 2, row % 2);
            for (const double value : expected.out) {
                ASSERT_NEAR(*at++, value, bound_of(c, expected)) << key_dim << " row " << row;
            }
        }
    }
}

// Spread over segments or not, in tiles of any width: the same bits.
TEST(AttentionBody, GivesATokenTheSameBitsInEveryBatch) {
    for (const AttentionShape& shape : {AttentionShape{8, 2, 64, 64, 125, 6, 0},
                                        AttentionShape{4, 2, 32, 32, 250, 9, 0},
                                        AttentionShape{2, 1, 32, 32, 300, 7, 140}}) {
        AttentionCase c(shape, KvType::f16);
        DeviceCase device;
        const std::vector<float> whole = on_device(device, c, 0, shape.n_tokens);
        for (const int n : {1, 3}) {
            std::vector<float> in_parts;
            for (int first = 0; first < shape.n_tokens; first += n) {
                const int n_here = std::min(n, shape.n_tokens - first);
                const std::vector<float> part = on_device(device, c, first, n_here);
                in_parts.insert(in_parts.end(), part.begin(), part.end());
            }
            ASSERT_EQ(in_parts.size(), whole.size());
            EXPECT_EQ(std::memcmp(in_parts.data(), whole.data(), 4 * whole.size()), 0)
                << shape.first_position << ", " << n << " at a time";
        }
    }
}

TEST(AttentionBody, ReadsNoPositionPastTheLastToken) {
    AttentionCase c({2, 1, 32, 32, 200, 5, 0}, KvType::f32);
    DeviceCase device;
    const std::vector<float> expected = on_device(device, c, 0, 1);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (auto* rows : {&c.keys(), &c.values()}) {
        for (std::size_t at = 201 * 32 * 4; at < rows->size(); at += 4) {
            std::memcpy(rows->data() + at, &nan, 4);
        }
    }
    EXPECT_EQ(on_device(device, c, 0, 1), expected);
}

TEST(AttentionBody, PassesNansOfAnySegmentOn) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const std::size_t position : {3, 140, 290}) {
        AttentionCase c({2, 2, 8, 8, 299, 1, 0}, KvType::f32);
        std::memcpy(c.keys().data() + position * 2 * 8 * 4, &nan, 4);  // of the first head
        DeviceCase device;
        const std::vector<float> out = on_device(device, c, 0, 1);
        for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(std::isnan(out[i]), i < 8) << i;
    }
}

}  // namespace
}  // namespace greenroom::kernels
