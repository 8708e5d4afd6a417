#include "kernels/cpu/panel.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace greenroom::kernels {
namespace {

std::vector<std::byte> random_bytes(std::size_t n) {
    std::mt19937_64 random(5);
    std::vector<std::byte> bytes(n);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

TEST(Panel, GivesEveryBlockBack) {
    for (const BlockFormat& format : block_formats()) {
        if (!has_panels(format.type)) continue;
        constexpr std::int64_t kBlocks = 3;
        const std::size_t row_bytes = kBlocks * format.bytes;
        const auto rows = random_bytes(kPanelRows * row_bytes);
        std::vector<std::byte> panel(rows.size()), block(format.bytes);
        pack({format.type, rows.data(), row_bytes, kPanelRows, kBlocks, panel.data()});
        for (int r = 0; r < kPanelRows; ++r) {
            for (std::size_t b = 0; b < kBlocks; ++b) {
                const auto from =
                    rows.begin() + static_cast<std::ptrdiff_t>(
                                       static_cast<std::size_t>(r) * row_bytes + b * format.bytes);
                unpack_block(
                    format.type, panel.data() + b * format.bytes * kPanelRows, r, block.data());
                EXPECT_TRUE(std::equal(block.begin(), block.end(), from)) << format.name;
            }
        }
    }
}

TEST(Panel, FillsAbsentRowsWithZeros) {
    const BlockFormat& format = block_format(BlockType::q5_0);
    const auto rows = random_bytes(3 * format.bytes);
    std::vector<std::byte> panel(kPanelRows * format.bytes, std::byte{0xee}), block(format.bytes);
    pack({format.type, rows.data(), format.bytes, 3, 1, panel.data()});
    unpack_block(format.type, panel.data(), 2, block.data());
    EXPECT_TRUE(std::equal(block.begin(), block.end(), rows.end() - format.bytes));
    unpack_block(format.type, panel.data(), 3, block.data());
    EXPECT_EQ(block, std::vector<std::byte>(format.bytes));
}

}  // namespace
}  // namespace greenroom::kernels
