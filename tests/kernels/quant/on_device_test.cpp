#include "kernels/quant/on_device.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "kernels/cpu/normal_form.hpp"
#include "tests/support/gpu_unpack.hpp"
#include "tests/support/parameters.hpp"

namespace greenroom::kernels {
namespace {

// A field is as aligned as its block and its place are, and no more than loads are wide.
TEST(OnDevice, AlignmentIsThatOfAllDistances) {
    EXPECT_EQ(alignment_at(144, 16, 32), 16u);
    EXPECT_EQ(alignment_at(24, 4), 4u);
    EXPECT_EQ(alignment_at(18, 2), 2u);
    EXPECT_EQ(alignment_at(17), 1u);
    EXPECT_EQ(alignment_at(256), 16u);
}

class EveryIntegerType : public testing::TestWithParam<BlockFormat> {};
INSTANTIATE_TEST_SUITE_P(OnDevice,
                         EveryIntegerType,
                         testing::ValuesIn(tests::formats_that([](const BlockFormat& format) {
                             return find_normal_form(format.type) != nullptr;
                         })),
                         tests::format_name);

// Loads that are put together and tables in registers give what memcpy and arrays give, wherever a
// block lies. The bytes end where words do, so a sanitizer sees what is read behind them.
TEST_P(EveryIntegerType, GpusUnpackTheSame) {
    const BlockFormat& format = GetParam();
    const NormalForm& form = *find_normal_form(format.type);
    constexpr std::size_t kBlocks = 16;  // at every place between multiples of 16 bytes
    constexpr unsigned kSeed = 3;
    std::mt19937 random(kSeed);
    struct alignas(16) Line {
        std::uint32_t words[4];
    };
    std::vector<Line> lines(kBlocks * format.bytes / sizeof(Line));
    for (int round = 0; round < 50; ++round) {
        for (Line& line : lines) {
            for (std::uint32_t& word : line.words) word = static_cast<std::uint32_t>(random());
        }
        const auto* bytes = reinterpret_cast<const std::byte*>(lines.data());
        for (std::size_t b = 0; b < kBlocks; ++b) {
            for (int part = 0; part < form.parts; ++part) {
                NormalBlock expected = {}, got = {};
                form.unpack(bytes + b * format.bytes, part, expected);
                tests::unpack_as_on_gpu(format.type, bytes + b * format.bytes, part, got);
                ASSERT_EQ(std::memcmp(&got, &expected, sizeof got), 0)
                    << "block " << b << ", part " << part << ", seed " << kSeed;
            }
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
