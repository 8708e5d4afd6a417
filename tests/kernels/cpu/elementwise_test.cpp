#include "kernels/cpu/elementwise.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/parameters.hpp"

namespace greenroom::kernels {
namespace {

class ElementwiseOnPath : public testing::TestWithParam<CpuPath> {
 protected:
    const Elementwise& functions() const { return elementwise(GetParam()); }
    std::vector<float> exp(std::vector<float> x) const {
        functions().exp(x.data(), x.data(), static_cast<std::int64_t>(x.size()));
        return x;
    }
};

// Half the distance between the floats around `x`, which lies above the subnormal ones.
double half_ulp(double x) {
    return std::ldexp(1.0, std::ilogb(x) - 24);
}

TEST_P(ElementwiseOnPath, ExpIsWithinTwoUlp) {
    std::vector<float> x;
    for (float v = -87; v < 88.7F; v += 0.0037F) x.push_back(v);
    const std::vector<float> y = exp(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double exact = std::exp(double{x[i]});
        ASSERT_NEAR(y[i], exact, 4 * half_ulp(exact)) << "x = " << x[i];
    }
}

TEST_P(ElementwiseOnPath, ExpKeepsToItsEnds) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    const std::vector<float> y = exp({0, -kInf, kInf, 1000, -1000, -100, std::nanf("")});
    EXPECT_EQ(y[0], 1);
    EXPECT_EQ(y[1], 0);
    EXPECT_EQ(y[2], kInf);
    EXPECT_EQ(y[3], kInf);
    EXPECT_EQ(y[4], 0);
    EXPECT_NEAR(y[5], std::exp(-100.0), 2 * double{std::numeric_limits<float>::denorm_min()});
    EXPECT_TRUE(std::isnan(y[6]));
}

TEST_P(ElementwiseOnPath, SiluTimesIsWithinFourUlp) {
    std::vector<float> gate, up;
    for (float v = -40; v < 40; v += 0.013F) gate.push_back(v), up.push_back(0.7F * v + 1);
    const std::vector<float> x = gate;
    functions().silu_times(gate.data(), up.data(), static_cast<std::int64_t>(gate.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double exact = double{x[i]} / (1 + std::exp(-double{x[i]})) * double{up[i]};
        // 4 half ulps of exp, and one each for the sum, the quotient and the product.
        ASSERT_NEAR(gate[i], exact, 8 * half_ulp(exact)) << "x = " << x[i];
    }
}

TEST_P(ElementwiseOnPath, AnElementDoesNotDependOnItsPlace) {
    std::vector<float> x;
    for (int i = 0; i < 37; ++i) x.push_back(0.3F * static_cast<float>(i) - 5);
    const std::vector<float> whole = exp(x);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(exp({x[i]})[0], whole[i]);
}

INSTANTIATE_TEST_SUITE_P(Paths,
                         ElementwiseOnPath,
                         testing::ValuesIn(available_cpu_paths().begin(),
                                           available_cpu_paths().end()),
                         tests::path_name);

}  // namespace
}  // namespace greenroom::kernels
