#include "kernels/expert_ffn.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <string>

#include "kernels/cpu/elementwise.hpp"
#include "kernels/repack.hpp"
#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

using tests::Blocks;
using tests::Weights;

constexpr std::uint64_t kSeed = 20261125;

struct Expert {
    Weights gate, up, down;

    ExpertWeights weights() const { return {gate.matrix(), up.matrix(), down.matrix()}; }
    Expert packed(ThreadPool& pool) const {
        return {gate.packed(pool), up.packed(pool), down.packed(pool)};
    }
};

// Gate and up differ in type from down, as they do in most files.
Expert make_expert(std::int64_t embed, std::int64_t ff) {
    return {Weights(BlockType::q4_k, ff, embed, Blocks::ordinary, kSeed),
            Weights(BlockType::q8_0, ff, embed, Blocks::ordinary, kSeed + 1),
            Weights(BlockType::q6_k, embed, ff, Blocks::ordinary, kSeed + 2)};
}

struct Batch {
    const std::vector<float>& x;  // (n_tokens, embed)
    std::int64_t n_tokens;
    Arithmetic arithmetic = Arithmetic::fast;
};

std::vector<float> apply(const ExpertWeights& w, const Batch& batch, ThreadPool& pool) {
    Activations x(batch.arithmetic), hidden(batch.arithmetic);
    x.assign(batch.x.data(), batch.n_tokens, w.gate.cols);
    const auto n = static_cast<std::size_t>(batch.n_tokens * w.gate.rows);
    std::vector<float> gate(n), up(n), y(static_cast<std::size_t>(batch.n_tokens * w.down.rows));
    run_on_cpu(ExpertFfn{w, x, hidden, gate.data(), up.data(), y.data()}, pool);
    return y;
}

// The op is its definition, step by step, to the bit.
TEST(ExpertFfn, IsDownOfSiluOfGateTimesUp) {
    const std::int64_t embed = 512, ff = 768;
    const Expert expert = make_expert(embed, ff);
    for (const std::int64_t n_tokens : {1, 3, 40}) {
        const std::vector<float> x = tests::normal_values(n_tokens * embed, kSeed);
        for (const CpuPath path : available_cpu_paths()) {
            ThreadPool pool(2, path);
            auto hidden = tests::multiply({expert.gate.matrix(), x, n_tokens}, pool);
            const auto up = tests::multiply({expert.up.matrix(), x, n_tokens}, pool);
            elementwise(path).silu_times(
                hidden.data(), up.data(), static_cast<std::int64_t>(hidden.size()));
            const auto expected = tests::multiply({expert.down.matrix(), hidden, n_tokens}, pool);
            EXPECT_EQ(
                0, tests::count_differences(expected, apply(expert.weights(), {x, n_tokens}, pool)))
                << name(path);
        }
    }
}

TEST(ExpertFfn, DependsOnNeitherThreadsNorBatchNorLayout) {
    const std::int64_t embed = 256, ff = 1024, n_tokens = 19;
    const Expert expert = make_expert(embed, ff);
    const std::vector<float> x = tests::normal_values(n_tokens * embed, kSeed);
    for (const CpuPath path : available_cpu_paths()) {
        ThreadPool one(1, path), more(3, path);
        const auto expected = apply(expert.weights(), {x, n_tokens}, one);
        EXPECT_EQ(0,
                  tests::count_differences(expected, apply(expert.weights(), {x, n_tokens}, more)));
        if (preferred_layout(BlockType::q4_k, path) == Layout::panels) {
            const Expert packed = expert.packed(more);
            EXPECT_EQ(
                0,
                tests::count_differences(expected, apply(packed.weights(), {x, n_tokens}, more)));
        }
        const std::vector<float> last(x.end() - embed, x.end());
        const std::vector<float> of_last(expected.end() - embed, expected.end());
        EXPECT_EQ(0, tests::count_differences(of_last, apply(expert.weights(), {last, 1}, more)))
            << name(path);
    }
}

// More than are started together; the last one has no tokens.
TEST(ExpertFfn, SeveralAtOnceGiveTheBitsOfEachAlone) {
    constexpr std::size_t kExperts = 10;
    const std::int64_t embed = 256, ff = 768;
    const Expert expert = make_expert(embed, ff);
    const std::vector<float> x = tests::normal_values(kExperts * embed, kSeed);
    for (const CpuPath path : available_cpu_paths()) {
        ThreadPool pool(3, path);
        std::vector<Activations> inputs, hidden;
        std::vector<ExpertFfn> ops;
        std::vector<float> gate(kExperts * ff), up(gate.size()), y(kExperts * embed);
        for (std::size_t i = 0; i <= kExperts; ++i) {
            inputs.emplace_back(Arithmetic::fast);
            hidden.emplace_back(Arithmetic::fast);
            inputs[i].assign(x.data() + i % kExperts * embed, i < kExperts ? 1 : 0, embed);
        }
        for (std::size_t i = 0; i <= kExperts; ++i) {
            const std::size_t at = i % kExperts;
            ops.push_back({expert.weights(),
                           inputs[i],
                           hidden[i],
                           gate.data() + at * ff,
                           up.data() + at * ff,
                           y.data() + at * embed});
        }
        run_on_cpu(ops, pool);
        for (std::size_t i = 0; i < kExperts; ++i) {
            const auto at = static_cast<std::ptrdiff_t>(i) * embed;
            const std::vector<float> one(x.begin() + at, x.begin() + at + embed);
            const std::vector<float> of_one(y.begin() + at, y.begin() + at + embed);
            EXPECT_EQ(0, tests::count_differences(apply(expert.weights(), {one, 1}, pool), of_one))
                << name(path) << " " << i;
        }
    }
}

// In float: the products round as mat_mul_test derives, about (cols / 16 + 5) half-ulps of the sum
// of magnitudes each; a hidden value is a product of two such results, and silu's slope is below
// 1.1.
TEST(ExpertFfn, ExactIsCloseToSumsInDouble) {
    const std::int64_t embed = 256, ff = 256;
    const Expert expert = make_expert(embed, ff);
    const std::vector<float> x = tests::normal_values(embed, kSeed);
    const auto g = expert.gate.values(), u = expert.up.values(), d = expert.down.values();
    ThreadPool pool(1);
    const auto y = apply(expert.weights(), {x, 1, Arithmetic::exact}, pool);
    const double step = (static_cast<double>(embed) / 16 + 5) * 0x1p-24;
    std::vector<double> hidden, error;
    for (std::int64_t r = 0; r < ff; ++r) {
        double gate = 0, up = 0, gate_size = 0, up_size = 0;
        for (std::int64_t c = 0; c < embed; ++c) {
            const auto at = static_cast<std::size_t>(r * embed + c);
            const double value = x[static_cast<std::size_t>(c)];
            gate += g[at] * value;
            up += u[at] * value;
            gate_size += std::abs(g[at] * value);
            up_size += std::abs(u[at] * value);
        }
        const double silu = gate / (1 + std::exp(-gate));
        hidden.push_back(silu * up);
        error.push_back(1.1 * gate_size * step * (std::abs(up) + up_size * step) +
                        std::abs(silu) * up_size * step + std::abs(silu * up) * 8 * 0x1p-24);
    }
    for (std::int64_t r = 0; r < embed; ++r) {
        double exact = 0, bound = 0;
        for (std::int64_t c = 0; c < ff; ++c) {
            const double w = d[static_cast<std::size_t>(r * ff + c)];
            const auto at = static_cast<std::size_t>(c);
            exact += w * hidden[at];
            bound += std::abs(w) * (error[at] + (std::abs(hidden[at]) + error[at]) * step);
        }
        EXPECT_NEAR(y[static_cast<std::size_t>(r)], exact, bound);
    }
}

}  // namespace
}  // namespace greenroom::kernels
