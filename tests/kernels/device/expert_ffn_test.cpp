#include "kernels/expert_ffn.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "tests/support/device_rows.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::Blocks;
using tests::DeviceCase;
using tests::MatrixOnDevice;
using tests::OnDevice;
using tests::RowsOnDevice;
using tests::Weights;

constexpr std::uint64_t kSeed = 20261125;
constexpr int kEmbed = 512, kFf = 256, kExperts = 3;

struct Types {
    BlockType gate, up, down;
};

struct Expert {
    Weights gate, up, down;
};

std::vector<Expert> experts(const Types& types) {
    std::vector<Expert> out;
    for (std::uint64_t e = 0; e < kExperts; ++e) {
        out.push_back({Weights(types.gate, kFf, kEmbed, Blocks::ordinary, kSeed + 3 * e),
                       Weights(types.up, kFf, kEmbed, Blocks::ordinary, kSeed + 3 * e + 1),
                       Weights(types.down, kEmbed, kFf, Blocks::ordinary, kSeed + 3 * e + 2)});
    }
    return out;
}

// The experts on a device, and the table of where they are; those of `missing` are not there.
class ExpertsOnDevice {
 public:
    ExpertsOnDevice(DeviceCase& device,
                    const std::vector<Expert>& experts,
                    const std::vector<int>& missing)
        : table_(device, addresses(device, experts, missing)) {}
    const DeviceExpert* table() { return table_.data(); }

 private:
    std::vector<DeviceExpert> addresses(DeviceCase& device,
                                        const std::vector<Expert>& experts,
                                        const std::vector<int>& missing) {
        std::vector<DeviceExpert> out;
        for (int e = 0; e < static_cast<int>(experts.size()); ++e) {
            const Expert& expert = experts[static_cast<std::size_t>(e)];
            for (const Weights* w : {&expert.gate, &expert.up, &expert.down}) {
                matrices_.push_back(std::make_unique<MatrixOnDevice>(device, w->matrix()));
            }
            const auto data = [&](std::size_t back) {
                return matrices_[matrices_.size() - back]->matrix().data;
            };
            const bool is_there = std::ranges::count(missing, e) == 0;
            out.push_back(is_there ? DeviceExpert{data(3), data(2), data(1)} : DeviceExpert{});
        }
        return out;
    }

    std::vector<std::unique_ptr<MatrixOnDevice>> matrices_;
    OnDevice<DeviceExpert> table_;
};

struct Routed {
    const std::vector<Expert>& experts;
    std::vector<std::int32_t> expert_of;
    int rows_per_token;
    std::vector<int> missing = {};
};

// What the two launches leave in hidden, or, with `whole`, in y.
std::vector<float> on_device(DeviceCase& device,
                             const Routed& in,
                             const std::vector<float>& x,
                             bool whole) {
    ExpertsOnDevice experts(device, in.experts, in.missing);
    const auto shape = [](const Weights& w) {
        Matrix matrix = w.matrix();
        matrix.data = nullptr;
        return matrix;
    };
    const Expert& first = in.experts.front();
    const int n = static_cast<int>(in.expert_of.size());
    OnDevice<std::int32_t> expert_of(device, in.expert_of);
    RowsOnDevice up_rows(device, x, kEmbed, first.up.matrix().type);
    RowsOnDevice gate_rows(device, x, kEmbed, first.gate.matrix().type);
    OnDevice<float> hidden(device, std::vector<float>(static_cast<std::size_t>(n * kFf), -1.0F));
    launch(ExpertGateUp{.experts = experts.table(),
                        .gate = shape(first.gate),
                        .up = shape(first.up),
                        .x = gate_rows.rows(),
                        .expert_of = expert_of.data(),
                        .rows_per_token = in.rows_per_token,
                        .hidden = hidden.data(),
                        .n_rows = n,
                        .up_x = up_rows.rows()},
           device.stream());
    const std::vector<float> out = hidden.values();
    if (!whole) return out;
    RowsOnDevice down_rows(device, out, kFf, first.down.matrix().type);
    OnDevice<float> y(device, std::vector<float>(static_cast<std::size_t>(n * kEmbed), -1.0F));
    launch(ExpertDown{.experts = experts.table(),
                      .down = shape(first.down),
                      .hidden = down_rows.rows(),
                      .expert_of = expert_of.data(),
                      .y = y.data(),
                      .n_rows = n},
           device.stream());
    return y.values();
}

// w x as DeviceMatMul has it.
std::vector<float> product(DeviceCase& device, const Weights& w, const std::vector<float>& x) {
    MatrixOnDevice matrix(device, w.matrix());
    RowsOnDevice rows(device, x, static_cast<int>(w.matrix().cols), w.matrix().type);
    OnDevice<float> y(device, static_cast<std::size_t>(w.matrix().rows));
    launch(DeviceMatMul{.w = matrix.matrix(), .x = rows.rows(), .y = y.data(), .n_tokens = 1},
           device.stream());
    return y.values();
}

std::vector<float> row(const std::vector<float>& x, int i, int cols) {
    return {x.begin() + i * cols, x.begin() + (i + 1) * cols};
}

constexpr Types kSameTypes = {BlockType::q4_k, BlockType::q4_k, BlockType::q6_k};
constexpr Types kOtherTypes = {BlockType::q4_k, BlockType::iq2_xs, BlockType::q8_0};
constexpr Types kOtherRounding = {BlockType::q6_k, BlockType::mxfp4, BlockType::q4_0};
constexpr Types kFloats = {BlockType::f16, BlockType::f16, BlockType::bf16};

// The experts' rows are those of products by themselves, to the bit; only silu is rounded anew.
TEST(ExpertGateUpBody, IsSiluOfGateTimesUp) {
    for (const Types& types : {kSameTypes, kOtherTypes, kOtherRounding, kFloats}) {
        const std::vector<Expert> weights = experts(types);
        const std::vector<float> x = tests::normal_values(2 * kEmbed, kSeed);
        const Routed in{weights, {1, 0, 2, 1}, 2};
        const std::vector<float> got = tests::in_both_orders(
            [&](DeviceCase& device) { return on_device(device, in, x, false); });
        DeviceCase device;
        for (int i = 0; i < 4; ++i) {
            const Expert& expert =
                weights[static_cast<std::size_t>(in.expert_of[static_cast<std::size_t>(i)])];
            const std::vector<float> token = row(x, i / 2, kEmbed);
            const auto gate = product(device, expert.gate, token);
            const auto up = product(device, expert.up, token);
            for (std::size_t r = 0; r < kFf; ++r) {
                const double exact = gate[r] / (1 + std::exp(-double{gate[r]})) * up[r];
                // e^-x within 2 ulp on a card, that is 4 half ulps; the sum, the quotient and the
                // product round once each.
                EXPECT_NEAR(got[static_cast<std::size_t>(i) * kFf + r],
                            exact,
                            7 * 0x1p-24 * 1.001 * std::abs(exact))
                    << i << " " << r;
            }
        }
    }
}

TEST(ExpertDownBody, MultipliesEachRowByTheDownOfItsExpert) {
    for (const Types& types : {kSameTypes, kOtherTypes, kOtherRounding, kFloats}) {
        const std::vector<Expert> weights = experts(types);
        const std::vector<float> x = tests::normal_values(2 * kEmbed, kSeed);
        const Routed in{weights, {1, 0, 2, 1}, 2};
        const std::vector<float> got = tests::in_both_orders(
            [&](DeviceCase& device) { return on_device(device, in, x, true); });
        DeviceCase device;
        const std::vector<float> hidden = on_device(device, in, x, false);
        for (int i = 0; i < 4; ++i) {
            const Expert& expert =
                weights[static_cast<std::size_t>(in.expert_of[static_cast<std::size_t>(i)])];
            EXPECT_EQ(row(got, i, kEmbed), product(device, expert.down, row(hidden, i, kFf))) << i;
        }
    }
}

TEST(ExpertGateUpBody, LeavesRowsOfMissingExpertsAlone) {
    for (const Types& types : {kSameTypes, kOtherTypes}) {
        const std::vector<Expert> weights = experts(types);
        const std::vector<float> x = tests::normal_values(kEmbed, kSeed);
        DeviceCase device;
        for (const bool whole : {false, true}) {
            const int cols = whole ? kEmbed : kFf;
            const auto all = on_device(device, {weights, {0, 1, 2}, 3}, x, whole);
            const auto got = on_device(device, {weights, {0, 1, 2}, 3, {1}}, x, whole);
            EXPECT_EQ(row(got, 0, cols), row(all, 0, cols));
            EXPECT_EQ(row(got, 1, cols), std::vector<float>(static_cast<std::size_t>(cols), -1.0F));
            EXPECT_EQ(row(got, 2, cols), row(all, 2, cols));
        }
    }
}

}  // namespace
}  // namespace greenroom::kernels
