#include "kernels/cpu/lattice_points.hpp"

#include <gtest/gtest.h>

#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"

namespace greenroom::kernels {
namespace {

// Bytes of a point whose n coordinates are q, less `excess` for each.
template <class Bytes>
void expect_point(Bytes bytes, const NormalBlock& block, int excess, std::size_t index) {
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
        EXPECT_EQ(static_cast<int>(bytes >> (8 * i) & 0xff), block.q[i] + excess)
            << "point " << index << ", coordinate " << i;
    }
}

std::uint8_t low(std::size_t index) {
    return static_cast<std::uint8_t>(index);
}
std::uint8_t high(std::size_t index) {
    return static_cast<std::uint8_t>(index >> 8);
}

TEST(LatticePoints, AreTheFirstValuesOfABlockWithThatIndex) {
    NormalBlock out;
    for (std::size_t i = 0; i < kIq2XxsPoints.size(); ++i) {
        IQ2_XXS block{};
        block.groups[0].points[0] = low(i);
        unpack(block, out);
        expect_point(kIq2XxsPoints[i], out, 64, i);
    }
    for (std::size_t i = 0; i < kIq2XsPoints.size(); ++i) {
        IQ2_XS block{};
        block.qs[0][0] = low(i);
        block.qs[0][1] = high(i);
        unpack(block, out);
        expect_point(kIq2XsPoints[i], out, 64, i);
    }
    for (std::size_t i = 0; i < kIq2SPoints.size(); ++i) {
        IQ2_S block{};
        block.qs[0] = low(i);
        block.qh[0] = high(i);
        unpack(block, out);
        expect_point(kIq2SPoints[i], out, 64, i);
    }
    for (std::size_t i = 0; i < kIq3XxsPoints.size(); ++i) {
        IQ3_XXS block{};
        block.qs[0] = low(i);
        unpack(block, out);
        expect_point(kIq3XxsPoints[i], out, 64, i);
    }
    for (std::size_t i = 0; i < kIq3SPoints.size(); ++i) {
        IQ3_S block{};
        block.qs[0] = low(i);
        block.qh[0] = high(i);
        unpack(block, out);
        expect_point(kIq3SPoints[i], out, 64, i);
    }
}

// Blocks of IQ1 move every value up by an eighth, which is 1 of their integers.
TEST(LatticePoints, OfIq1AreNotMoved) {
    NormalBlock out;
    for (std::size_t i = 0; i < kIq1Points.size(); ++i) {
        IQ1_S block{};
        block.qs[0] = low(i);
        block.qh[0][0] = high(i);
        unpack(block, out);
        expect_point(kIq1Points[i], out, 64 - 1, i);
    }
}

}  // namespace
}  // namespace greenroom::kernels
