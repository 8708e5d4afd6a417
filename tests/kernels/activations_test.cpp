#include "kernels/activations.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "kernels/cpu/rounded.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

class ActivationsOnPath : public testing::TestWithParam<CpuPath> {};
INSTANTIATE_TEST_SUITE_P(Paths,
                         ActivationsOnPath,
                         testing::ValuesIn(available_cpu_paths().begin(),
                                           available_cpu_paths().end()),
                         tests::path_name);

// The scale and its inverse round once each, their product with x once: a little over half a step.
TEST_P(ActivationsOnPath, RoundToTheNearestOf255Steps) {
    const std::int64_t n_tokens = 5, cols = 768;
    const std::vector<float> x = tests::normal_values(n_tokens * cols, 7);
    ThreadPool pool(2, GetParam());
    for (const BlockType type : {BlockType::q8_0, BlockType::q4_k}) {
        Activations activations(Arithmetic::fast);
        activations.assign(x.data(), n_tokens, cols);
        const Activations::Rounded& r = activations.rounded_for(type, pool);
        EXPECT_EQ(r.block, type == BlockType::q8_0 ? 32 : 256);
        for (std::int64_t t = 0; t < n_tokens; ++t) {
            for (std::int64_t c = 0; c < cols; ++c) {
                const double scale = r.row_scales(t)[c / r.block];
                const double q = r.row(t)[c];
                EXPECT_NEAR(q * scale, x[static_cast<std::size_t>(t * cols + c)], 0.5001 * scale);
                EXPECT_LE(std::abs(q), 127);
            }
        }
    }
}

TEST_P(ActivationsOnPath, TellBlocksThatAreNotFinite) {
    const std::int64_t cols = 512;
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        std::vector<float> x(cols, 1.0F);
        x[100] = bad;
        ThreadPool pool(1, GetParam());
        Activations activations(Arithmetic::fast);
        activations.assign(x.data(), 1, cols);
        const Activations::Rounded& r = activations.rounded_for(BlockType::q8_0, pool);
        for (std::int64_t b = 0; b < cols / 32; ++b) {
            EXPECT_EQ(std::isnan(r.row_scales(0)[b]), b == 100 / 32);
        }
    }
}

TEST_P(ActivationsOnPath, TakeWhatIsNearlyZeroForZero) {
    std::vector<float> x(256, 0.0F);
    x[3] = 1e-40F;
    ThreadPool pool(1, GetParam());
    Activations activations(Arithmetic::fast);
    activations.assign(x.data(), 1, 256);
    const Activations::Rounded& r = activations.rounded_for(BlockType::q4_k, pool);
    EXPECT_EQ(r.row_scales(0)[0], 0);
    EXPECT_EQ(r.row(0)[3], 0);
}

TEST_P(ActivationsOnPath, FollowTheNextBatch) {
    ThreadPool pool(1, GetParam());
    Activations activations(Arithmetic::fast);
    const std::vector<float> ones(512, 1.0F), twos(256, 2.0F);
    activations.assign(ones.data(), 2, 256);
    EXPECT_EQ(activations.rounded_for(BlockType::q4_k, pool).row_scales(0)[0], 1.0F / 127);
    activations.assign(twos.data(), 1, 256);
    EXPECT_EQ(activations.n_tokens(), 1);
    EXPECT_EQ(activations.rounded_for(BlockType::q4_k, pool).row_scales(0)[0], 2.0F / 127);
}

}  // namespace
}  // namespace greenroom::kernels
