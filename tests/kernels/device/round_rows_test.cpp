#include "kernels/round_rows.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "kernels/cpu/rounded.hpp"
#include "tests/support/device_case.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

constexpr std::uint64_t kSeed = 20261125;

struct Shape {
    int rows, cols, block;
};

struct Rounded {
    std::vector<std::int8_t> q;
    std::vector<float> scales;
};

Rounded on_cpu(const std::vector<float>& x, const Shape& shape) {
    Rounded out{std::vector<std::int8_t>(x.size()),
                std::vector<float>(x.size() / static_cast<std::size_t>(shape.block))};
    const auto n = static_cast<std::int64_t>(x.size());  // rows are whole blocks
    round_row({x.data(), n, shape.block, out.q.data(), out.scales.data()}, CpuPath::plain);
    return out;
}

void expect_the_bits_of_the_cpu(const std::vector<float>& x, const Shape& shape) {
    const Rounded expected = on_cpu(x, shape);
    std::vector<float> scales;
    const auto q = tests::in_both_orders([&](DeviceCase& device) {
        OnDevice<float> on_x(device, x), on_scales(device, expected.scales.size());
        OnDevice<std::int8_t> on_q(device, x.size());
        launch(
            RoundRows{
                on_x.data(), on_q.data(), on_scales.data(), shape.rows, shape.cols, shape.block},
            device.stream());
        scales = on_scales.values();
        return on_q.values();
    });
    EXPECT_EQ(q, expected.q);
    EXPECT_EQ(0u, tests::count_differences(scales, expected.scales));
}

TEST(RoundRowsBody, HasTheBitsOfTheCpu) {
    for (const Shape shape : {Shape{1, 32, 32},
                              {3, 96, 32},
                              {5, 1024, 32},
                              {1, 2080, 32},
                              {1, 256, 256},
                              {3, 768, 256},
                              {2, 2304, 256}}) {
        SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.cols);
        std::vector<float> x = tests::normal_values(std::int64_t{shape.rows} * shape.cols, kSeed);
        expect_the_bits_of_the_cpu(x, shape);
        for (std::size_t i = 0; i < x.size(); ++i) {  // ties, and what is rounded up to 127
            x[i] = static_cast<float>(static_cast<int>(i % 255) - 127) * 0.5F;
        }
        expect_the_bits_of_the_cpu(x, shape);
    }
}

TEST(RoundRowsBody, MakesNanOfBlocksThatAreNoNumbersAndZerosOfTinyOnes) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    for (const int block : {32, 256}) {
        const Shape shape{7, block, block};
        std::vector<float> x = tests::normal_values(7 * block, kSeed);
        const auto row = [&](int r) { return x.data() + r * block; };
        row(0)[5] = std::nanf("");
        row(1)[block - 1] = kInf;
        row(2)[0] = -kInf;
        std::fill_n(row(3), block, 1e-37F);
        std::fill_n(row(4), block, 0.0F);
        std::fill_n(row(5), block, -1e-36F);
        row(6)[9] = 3e38F;
        expect_the_bits_of_the_cpu(x, shape);
    }
}

TEST(RoundRows, IsAskedForByTheTypeOfWeights) {
    EXPECT_EQ(rounding_of(BlockType::q4_k), 256);
    EXPECT_EQ(rounding_of(BlockType::q8_0), 32);
    EXPECT_EQ(rounding_of(BlockType::nvfp4), 32);
    EXPECT_EQ(rounding_of(BlockType::f16), 0);
}

}  // namespace
}  // namespace greenroom::kernels
