#include "cache/gpu_alignment.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

using kernels::BlockType;

ExpertHome home(BlockType type, std::uint64_t gate, std::uint64_t up, std::uint64_t down) {
    const auto matrix = [&](std::uint64_t offset) {
        return MatrixHome{{0, offset, 4096}, type, 8, 128};
    };
    return {matrix(gate), matrix(up), matrix(down)};
}

TEST(GpuAlignment, NothingIsLeftOutWhereFloatsBeginAtSixteens) {
    EXPECT_EQ(gpu_shift(home(BlockType::f32, 64, 4160, 8272)), 0u);
}

TEST(GpuAlignment, WhatAllMatricesAreOffByIsLeftOut) {
    EXPECT_EQ(gpu_shift(home(BlockType::f16, 5000, 9096, 13192)), 8u);
    EXPECT_EQ(gpu_shift(home(BlockType::f32, 4097, 8193, 12289)), 1u);
}

TEST(GpuAlignment, MatricesThatAreOffDifferentlyCannotBeServed) {
    EXPECT_FALSE(gpu_shift(home(BlockType::f32, 64, 4164, 8272)));
}

TEST(GpuAlignment, BlocksNeedOnlyWhatTheirSizeSays) {
    EXPECT_EQ(gpu_shift(home(BlockType::q8_0, 34, 34 * 7, 34 * 100)), 0u);  // 34 bytes: pairs
    EXPECT_EQ(gpu_shift(home(BlockType::q4_k, 144, 144 * 3, 144 * 5)), 0u);
    EXPECT_EQ(gpu_shift(home(BlockType::q8_0, 4097, 8193, 12289)), 1u);
}

}  // namespace
}  // namespace greenroom::cache
