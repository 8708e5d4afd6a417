#include "kernels/embed_rows.hpp"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

const std::vector<std::int32_t> kIds = {3, 0, 4, 4};
constexpr std::int64_t kVocabulary = 5;

// Any bytes are blocks.
std::vector<std::byte> random_table(const BlockFormat& format, std::int64_t cols) {
    std::mt19937 random(static_cast<unsigned>(format.type) + 1);
    std::vector<std::byte> out(static_cast<std::size_t>(kVocabulary * cols) / format.elements *
                               format.bytes);
    for (std::byte& b : out) b = static_cast<std::byte>(random());
    return out;
}

std::vector<float> on_device(DeviceCase& device,
                             const std::vector<std::byte>& bytes,
                             Matrix table) {
    OnDevice<std::byte> on_table(device, bytes);
    OnDevice<std::int32_t> ids(device, kIds);
    OnDevice<float> out(device, kIds.size() * static_cast<std::size_t>(table.cols));
    table.data = on_table.data();
    launch(EmbedRows{table, ids.data(), out.data(), static_cast<int>(kIds.size())},
           device.stream());
    return out.values();
}

void expect_the_twins_values(const BlockFormat& format, std::int64_t cols) {
    SCOPED_TRACE(testing::Message() << format.name << ", " << cols << " columns");
    const std::vector<std::byte> bytes = random_table(format, cols);
    const Matrix table{bytes.data(), format.type, kVocabulary, cols};
    std::vector<float> expected(kIds.size() * static_cast<std::size_t>(cols));
    ThreadPool pool(1);
    run_on_cpu(EmbedRows{table, kIds.data(), expected.data(), static_cast<int>(kIds.size())}, pool);
    const std::vector<float> got =
        tests::in_both_orders([&](DeviceCase& device) { return on_device(device, bytes, table); });
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (std::isnan(expected[i])) {
            EXPECT_TRUE(std::isnan(got[i])) << i;
        } else {
            ASSERT_EQ(got[i], expected[i]) << i;
        }
    }
}

TEST(EmbedRowsBody, GivesTheValuesThatEveryFormatDefines) {
    for (const BlockFormat& format : block_formats()) expect_the_twins_values(format, 512);
    // More groups than a block has threads.
    expect_the_twins_values(block_format(BlockType::q8_0), 4352);
}

TEST(EmbedRowsBody, RowsOfFloatsEndAnywhere) {
    for (const BlockType type : {BlockType::f32, BlockType::f16, BlockType::bf16}) {
        for (const std::int64_t cols : {1, 31, 33, 100}) {
            expect_the_twins_values(block_format(type), cols);
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
