#include "kernels/rope.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

struct Heads {
    Rope op;  // without its memory
    std::vector<float> x, inv_freq;
};

Heads heads(const Rope& shape) {
    const auto n = static_cast<std::size_t>(shape.n_tokens * shape.n_heads * shape.head_dim);
    Heads in{shape, normal(n, 1), {}};
    for (int i = 0; i < shape.n_rot / 2; ++i) {
        in.inv_freq.push_back(std::pow(10000.0F, -2.0F * static_cast<float>(i) / shape.n_rot));
    }
    return in;
}

Rope shape(int n_tokens, int n_heads, int head_dim, int n_rot, RopePairing pairing) {
    return {.x = nullptr,
            .inv_freq = nullptr,
            .n_tokens = n_tokens,
            .n_heads = n_heads,
            .head_dim = head_dim,
            .n_rot = n_rot,
            .first_position = 0,
            .pairing = pairing};
}

std::vector<float> on_device(DeviceCase& device, const Heads& in) {
    OnDevice<float> x(device, in.x), inv_freq(device, in.inv_freq);
    Rope op = in.op;
    op.x = x.data();
    op.inv_freq = inv_freq.data();
    launch(op, device.stream());
    return x.values();
}

std::vector<float> on_cpu(const Heads& in) {
    ThreadPool pool(1);
    Heads out = in;
    out.op.x = out.x.data();
    out.op.inv_freq = out.inv_freq.data();
    run_on_cpu(out.op, pool);
    return out.x;
}

// The largest magnitude of a head, twice: no pair has more.
float two_largest(const Heads& in, std::size_t element) {
    const auto dim = static_cast<std::size_t>(in.op.head_dim);
    float largest = 0;
    for (std::size_t i = element / dim * dim; i < element / dim * dim + dim; ++i) {
        largest = std::max(largest, std::fabs(in.x[i]));
    }
    return 2 * largest;
}

void expect_the_twins_result(const Heads& in) {
    const std::vector<float> expected = on_cpu(in);
    const std::vector<float> got =
        tests::in_both_orders([&](DeviceCase& device) { return on_device(device, in); });
    for (std::size_t i = 0; i < got.size(); ++i) {
        // In half ulps of 1: a float angle within half a turn is off by 2, its cosine and sine by 2
        // more on a card; the twin's by 1; the factor adds one on either side, and so do a product
        // and the sum.
        const float bound = 11 * 0x1p-24F * in.op.magnitude * two_largest(in, i);
        EXPECT_NEAR(got[i], expected[i], bound) << i;
    }
}

TEST(RopeBody, AgreesWithItsTwinWithinRounding) {
    for (const RopePairing pairing : {RopePairing::adjacent, RopePairing::halves}) {
        for (Rope op : {shape(1, 1, 2, 2, pairing),
                        shape(3, 9, 16, 16, pairing),
                        shape(2, 3, 64, 24, pairing),
                        shape(1, 8, 128, 128, pairing)}) {
            SCOPED_TRACE(op.head_dim);
            op.first_position = 1000;
            op.magnitude = 1.25F;
            expect_the_twins_result(heads(op));
        }
    }
}

TEST(RopeBody, TurnsExactlyEnoughFarIntoAText) {
    Rope op = shape(2, 2, 16, 16, RopePairing::halves);
    op.first_position = 1'000'000;
    expect_the_twins_result(heads(op));
}

TEST(RopeBody, LeavesElementsPastTheTurnedPartAlone) {
    DeviceCase device;
    Heads in = heads(shape(1, 2, 10, 6, RopePairing::halves));
    in.op.first_position = 5;
    const std::vector<float> out = on_device(device, in);
    for (const std::size_t head : {0, 10}) {
        for (std::size_t i = head + 6; i < head + 10; ++i) EXPECT_EQ(out[i], in.x[i]);
    }
}

}  // namespace
}  // namespace greenroom::kernels
