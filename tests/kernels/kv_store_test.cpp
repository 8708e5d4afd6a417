#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "kernels/attention.hpp"

namespace greenroom::kernels {
namespace {

std::vector<float> stored_and_read(KvType type, const std::vector<float>& row) {
    ThreadPool pool(1);
    const auto n = static_cast<int>(row.size());
    std::vector<std::byte> keys(3 * kv_row_bytes(type, n)), values = keys;
    const KvLayer cache{keys.data(), values.data(), type, 1, n, n};
    run_on_cpu(KvStore{cache, row.data(), row.data(), 1, 1}, pool);
    EXPECT_EQ(keys, values);
    std::vector<float> out(row.size());
    const BlockFormat& format = kv_format(type);
    format.dequantize(
        keys.data() + kv_row_bytes(type, n), row.size() / format.elements, out.data());
    // The rows before and behind stay as they were.
    for (const std::size_t other : {std::size_t{0}, 2 * kv_row_bytes(type, n)}) {
        for (std::size_t i = 0; i < kv_row_bytes(type, n); ++i) {
            EXPECT_EQ(keys[other + i], std::byte{});
        }
    }
    return out;
}

TEST(KvStore, KeepsFloatsAsTheyAre) {
    const std::vector<float> row = {1.1F, -2.2F, 0, 1e-30F};
    EXPECT_EQ(stored_and_read(KvType::f32, row), row);
}

TEST(KvStore, RoundsToHalfPrecision) {
    EXPECT_EQ(stored_and_read(KvType::f16, {1, -2.5F, 1 + 0x1p-11F, 65504}),
              (std::vector<float>{1, -2.5F, 1, 65504}));
}

TEST(KvStore, RoundsBlocksToEightBits) {
    std::vector<float> row(64);
    for (std::size_t i = 0; i < 32; ++i) row[i] = static_cast<float>(i) - 15.7F;
    const std::vector<float> out = stored_and_read(KvType::q8_0, row);
    const float step = 15.7F / 127;
    for (std::size_t i = 0; i < 64; ++i) {
        // Half a step, and a scale in half precision that 127 steps multiply.
        EXPECT_NEAR(out[i], row[i], step / 2 + std::fabs(row[i]) * 0x1p-11F + step * 0x1p-11F);
    }
    EXPECT_EQ(out[40], 0);  // a block of zeros
}

TEST(KvStore, RowsAreWholeBlocks) {
    EXPECT_EQ(kv_row_bytes(KvType::f32, 10), 40u);
    EXPECT_EQ(kv_row_bytes(KvType::f16, 10), 20u);
    EXPECT_EQ(kv_row_bytes(KvType::q8_0, 64), 68u);
}

}  // namespace
}  // namespace greenroom::kernels
