#include "runtime/model/self_attention.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "runtime/model/kv_cache.hpp"

namespace greenroom::runtime {
namespace {

constexpr int kEmbed = 16, kHeads = 4, kKvHeads = 2, kHeadDim = 4, kBatch = 6;

Hyperparameters shape() {
    Hyperparameters h;
    h.layers = 1;
    h.embed = kEmbed;
    h.heads = kHeads;
    h.kv_heads = kKvHeads;
    h.head_dim = h.rope_dims = kHeadDim;
    return h;
}

std::vector<float> noise(std::uint32_t seed, std::size_t n) {
    std::mt19937 random(seed);
    std::vector<float> out(n);
    for (float& x : out) x = static_cast<float>(random()) / 2147483648.0F - 1;
    return out;
}

// One layer with weights of its own, its cache, and the attention in question.
class Bench {
 public:
    explicit Bench(const Hyperparameters& h)
        : cache_(*KvCache::allocate(h, kernels::KvType::f32, 16)),
          attention_(h,
                     {.pairing = kernels::RopePairing::halves,
                      .inv_freq = rope_frequencies(h),
                      .arithmetic = kernels::Arithmetic::exact,
                      .batch = kBatch,
                      .capacity = 16},
                     pool_) {
        weights_.q = matrix(q, kEmbed);
        weights_.k = matrix(k, kKvHeads * kHeadDim);
        weights_.v = matrix(v, kKvHeads * kHeadDim);
        weights_.attention_output = matrix(o, kEmbed);
    }

    // What the layer adds to zeros.
    std::vector<float> run(const std::vector<float>& x, int first, float start = 0) {
        std::vector<float> out(x.size(), start);
        attention_.run({.weights = weights_,
                        .cache = cache_.layer(0),
                        .first_position = first,
                        .n_tokens = static_cast<int>(x.size() / kEmbed),
                        .x = x.data(),
                        .out = out.data()});
        return out;
    }

    std::vector<float> q = noise(1, kEmbed*kEmbed), k = noise(2, 8 * kEmbed);
    std::vector<float> v = noise(3, 8 * kEmbed), o = noise(4, kEmbed*kEmbed);

 private:
    static kernels::Matrix matrix(const std::vector<float>& values, std::int64_t rows) {
        return {reinterpret_cast<const std::byte*>(values.data()),
                kernels::BlockType::f32,
                rows,
                kEmbed};
    }

    kernels::ThreadPool pool_{2};
    LayerWeights weights_;
    KvCache cache_;
    SelfAttention attention_;
};

std::vector<double> product(const std::vector<float>& w, const std::vector<double>& x) {
    std::vector<double> out(w.size() / x.size());
    for (std::size_t r = 0; r < out.size(); ++r) {
        for (std::size_t c = 0; c < x.size(); ++c) out[r] += double{w[r * x.size() + c]} * x[c];
    }
    return out;
}

// With nothing else to look at, a token's heads see its own value: output = o (v x, each
// key-value head's part once for every head that shares it). Bound: 16 terms below 1 in each of two
// products of values below 16 and 256, rounded 16 + 16 times.
TEST(SelfAttention, TheFirstTokenSeesItsOwnValue) {
    Bench bench(shape());
    const std::vector<float> x = noise(5, kEmbed);
    const std::vector<float> out = bench.run(x, 0);
    const std::vector<double> value = product(bench.v, {x.begin(), x.end()});
    std::vector<double> seen;
    for (int head = 0; head < kHeads; ++head) {
        const auto from = value.begin() + head / (kHeads / kKvHeads) * kHeadDim;
        seen.insert(seen.end(), from, from + kHeadDim);
    }
    const std::vector<double> expected = product(bench.o, seen);
    for (int i = 0; i < kEmbed; ++i) EXPECT_NEAR(out[i], expected[i], 32 * 256 * 0x1p-24);
}

TEST(SelfAttention, AddsToWhatIsThere) {
    Bench bench(shape());
    const std::vector<float> x = noise(5, kEmbed);
    const std::vector<float> alone = bench.run(x, 0), on_top = bench.run(x, 0, 2.0F);
    for (int i = 0; i < kEmbed; ++i) EXPECT_EQ(on_top[i], 2.0F + alone[i]);
}

TEST(SelfAttention, TokensInOneCallAndOneByOneGiveTheSameBits) {
    Bench at_once(shape()), one_by_one(shape());
    const std::vector<float> x = noise(6, kBatch * kEmbed);
    const std::vector<float> expected = at_once.run(x, 0);
    for (int t = 0; t < kBatch; ++t) {
        const std::vector<float> row(x.begin() + t * kEmbed, x.begin() + (t + 1) * kEmbed);
        const std::vector<float> out = one_by_one.run(row, t);
        for (int i = 0; i < kEmbed; ++i) EXPECT_EQ(out[i], expected[t * kEmbed + i]);
    }
}

TEST(SelfAttention, SeesNothingBehindItsWindow) {
    Hyperparameters h = shape();
    h.window = 1;
    Bench windowed(h), fresh(h);
    const std::vector<float> x = noise(7, 3 * kEmbed);
    const std::vector<float> out = windowed.run(x, 0);
    const std::vector<float> last(x.end() - kEmbed, x.end());
    const std::vector<float> alone = fresh.run(last, 0);
    // A window of one position: the own value, whatever the position.
    for (int i = 0; i < kEmbed; ++i) EXPECT_EQ(out[2 * kEmbed + i], alone[i]);
}

TEST(SelfAttention, ChangesWithThePositionOfWhatItSees) {
    Bench near(shape()), far(shape());
    const std::vector<float> x = noise(8, kEmbed), y = noise(9, kEmbed);
    near.run(x, 0);
    const std::vector<float> beside = near.run(y, 1);
    far.run(x, 0);
    far.run(x, 1);
    EXPECT_NE(beside, far.run(y, 2));
}

}  // namespace
}  // namespace greenroom::runtime
