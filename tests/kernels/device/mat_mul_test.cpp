#include "kernels/mat_mul.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "tests/support/device_rows.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/product_bounds.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::Blocks;
using tests::DeviceCase;
using tests::Magnitude;
using tests::MatrixOnDevice;
using tests::OnDevice;
using tests::RowsOnDevice;
using tests::Weights;

constexpr std::uint64_t kSeed = 20261125;

struct Case {
    const Matrix& w;
    const std::vector<float>& x;  // (n_tokens, w.cols)
    int n_tokens;
    std::vector<float> before = {};  // what y holds, where the op adds
};

std::vector<float> on_device(DeviceCase& device, const Case& c) {
    MatrixOnDevice w(device, c.w);
    RowsOnDevice x(device, c.x, static_cast<int>(c.w.cols), c.w.type);
    const auto n = static_cast<std::size_t>(c.w.rows * c.n_tokens);
    OnDevice<float> y =
        c.before.empty() ? OnDevice<float>(device, n) : OnDevice<float>(device, c.before);
    launch(DeviceMatMul{.w = w.matrix(),
                        .x = x.rows(),
                        .y = y.data(),
                        .n_tokens = c.n_tokens,
                        .adds = !c.before.empty()},
           device.stream());
    return y.values();
}

std::vector<float> in_both_orders(const Case& c) {
    return tests::in_both_orders([&](DeviceCase& device) { return on_device(device, c); });
}

// The magnitudes of all terms, and how far two results may be apart.
struct Bound {
    double magnitude, error;
};

// How far the device and the twin may be apart, in all. Each computes every term with two roundings
// (of two factors: an integer as a float, and d or m times a scale or an integer), and adds it with
// a third; then a sum is rounded once for each term behind it. The twin has a term for a block, or
// two with an offset, one after the other. The device has one for a group, three with an offset, or
// two where halves differ, for every sixteenth group in a lane; then four levels of sums of lanes.
// Below 2^-126 a rounding is off by up to 2^-150, and an integer multiplies that.
Bound bound_of_integers(const Case& c, std::int64_t r, std::int64_t t) {
    const NormalForm& form = *find_normal_form(c.w.type);
    const Magnitude sum = tests::magnitude_of_integers(c.w, r, c.x.data() + t * c.w.cols);
    const std::int64_t twin = c.w.cols / form.columns * (form.has_offset ? 2 : 1);
    const std::int64_t in_group = form.has_offset ? 3 : form.columns < 32 ? 2 : 1;
    const std::int64_t device = (c.w.cols / 32 + 15) / 16 * in_group + 4;
    return {sum.terms,
            static_cast<double>(4 + twin + device) * 0x1p-24 * 1.001 * sum.terms +
                (sum.integers + static_cast<double>(twin + device)) * 0x1p-149};
}

// Fused multiply-adds: a sixteenth of the columns in each lane of the twin, a sixteenth of the
// pieces of 8 in each lane of the device, and four levels of sums for both.
Bound bound_of_floats(const Case& c, std::int64_t r, std::int64_t t) {
    const std::size_t n = static_cast<std::size_t>(c.w.cols);
    std::vector<float> w(n);
    dequantize_row(c.w, r, w.data());
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += std::abs(double{w[i]} * c.x[static_cast<std::size_t>(t) * n + i]);
    }
    const std::int64_t steps = (c.w.cols + 15) / 16 + (c.w.cols + 127) / 128 * 8 + 8;
    return {sum, static_cast<double>(steps) * (0x1p-24 * 1.001 * sum + 0x1p-149)};
}

Bound bound(const Case& c, std::int64_t r, std::int64_t t) {
    return find_normal_form(c.w.type) != nullptr ? bound_of_integers(c, r, t)
                                                 : bound_of_floats(c, r, t);
}

void expect_near_the_twin(const Case& c, const std::vector<float>& got) {
    ThreadPool plain(1, CpuPath::plain);
    const std::vector<float> expected = tests::multiply({c.w, c.x, c.n_tokens}, plain);
    for (std::size_t i = 0; i < got.size(); ++i) {
        const std::int64_t at = static_cast<std::int64_t>(i);
        const auto [magnitude, error] = bound(c, at % c.w.rows, at / c.w.rows);
        if (!std::isfinite(magnitude)) {
            EXPECT_FALSE(std::isfinite(got[i])) << i;
            EXPECT_FALSE(std::isfinite(expected[i])) << i;
        } else if (magnitude < double{std::numeric_limits<float>::max()}) {
            EXPECT_NEAR(got[i], expected[i], error) << i;
        }  // else a sum may leave the range of floats on its way
    }
}

class EveryTypeOnDevice : public testing::TestWithParam<BlockFormat> {
 protected:
    BlockType type() const { return GetParam().type; }
    // Less than a piece of every lane, odd numbers of blocks, several pieces of a lane.
    std::vector<std::int64_t> widths() const {
        const std::int64_t block = GetParam().elements;
        if (block == 256) return {256, 768, 1280};
        if (block == 1) return {1, 7, 8, 130, 264};
        return {block, 3 * block, 17 * block, 512 + 3 * block};
    }
};
INSTANTIATE_TEST_SUITE_P(MatMulBody,
                         EveryTypeOnDevice,
                         testing::ValuesIn(tests::formats_that([](const auto&) { return true; })),
                         tests::format_name);

TEST_P(EveryTypeOnDevice, AgreesWithItsTwinWithinRounding) {
    for (const std::int64_t cols : widths()) {
        for (const auto& [rows, n_tokens] : {std::pair<std::int64_t, int>{1, 1}, {9, 2}, {35, 3}}) {
            SCOPED_TRACE(testing::Message() << rows << " x " << cols << " by " << n_tokens);
            const Weights w(type(), rows, cols, Blocks::ordinary, kSeed);
            const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed + 1);
            const Case c{w.matrix(), x, n_tokens};
            expect_near_the_twin(c, in_both_orders(c));
        }
    }
}

TEST_P(EveryTypeOnDevice, AgreesOnBlocksOfAllKinds) {
    const std::int64_t cols = widths().back(), rows = 10;
    std::vector<float> x = tests::normal_values(3 * cols, kSeed);
    for (std::int64_t c = 0; c < cols; ++c) {
        x[static_cast<std::size_t>(c)] = c % 2 == 0 ? 1.0F : -1.0F;
        x[static_cast<std::size_t>(cols + c)] = 1e-30F;
    }
    for (const Blocks kind : {Blocks::random, Blocks::zeros, Blocks::ones, Blocks::signs}) {
        SCOPED_TRACE(static_cast<int>(kind));
        const Weights w(type(), rows, cols, kind, kSeed);
        DeviceCase device;
        const Case c{w.matrix(), x, 3};
        expect_near_the_twin(c, on_device(device, c));
    }
}

// The result of a token depends neither on the batch it is in nor on the body that computes it.
TEST_P(EveryTypeOnDevice, DependsOnNothingButRowAndToken) {
    const std::int64_t cols = widths().back(), rows = 33;
    const int n_tokens = 11;
    const Weights w(type(), rows, cols, Blocks::ordinary, kSeed);
    const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
    const auto batch = in_both_orders({w.matrix(), x, n_tokens});
    DeviceCase device;
    for (const std::int64_t t : {0, 7, 8, 10}) {
        const std::vector<float> token(x.begin() + t * cols, x.begin() + (t + 1) * cols);
        const std::vector<float> alone = on_device(device, {w.matrix(), token, 1});
        EXPECT_TRUE(std::equal(alone.begin(), alone.end(), batch.begin() + t * rows)) << t;
    }
}

TEST_P(EveryTypeOnDevice, AddsToWhatIsThere) {
    const std::int64_t cols = widths().front(), rows = 5;
    const Weights w(type(), rows, cols, Blocks::ordinary, kSeed);
    for (const int n_tokens : {1, 4}) {
        const std::vector<float> x = tests::normal_values(n_tokens * cols, kSeed);
        const std::vector<float> before = tests::normal_values(n_tokens * rows, kSeed + 1);
        DeviceCase device;
        std::vector<float> expected = on_device(device, {w.matrix(), x, n_tokens});
        for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += before[i];
        EXPECT_EQ(on_device(device, {w.matrix(), x, n_tokens, before}), expected);
    }
}

TEST_P(EveryTypeOnDevice, MakesNanOfATokenThatHoldsOne) {
    const std::int64_t cols = widths().back(), rows = 6;
    const Weights w(type(), rows, cols, Blocks::ordinary, kSeed);
    std::vector<float> x = tests::normal_values(3 * cols, kSeed);
    x[static_cast<std::size_t>(cols + cols / 2)] = std::nanf("");
    DeviceCase device;
    const std::vector<float> y = on_device(device, {w.matrix(), x, 3});
    for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(std::isnan(y[i]), i / rows == 1) << i;
}

}  // namespace
}  // namespace greenroom::kernels
