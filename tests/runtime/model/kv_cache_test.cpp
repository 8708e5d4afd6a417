#include "runtime/model/kv_cache.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace greenroom::runtime {
namespace {

Hyperparameters shape() {
    Hyperparameters h;
    h.layers = 2;
    h.heads = 4;
    h.kv_heads = 2;
    h.head_dim = 32;
    h.rope_dims = 32;
    return h;
}

constexpr std::size_t kRow = 64;  // values of one position: 2 heads of 32

KvCache make(kernels::KvType type, int positions) {
    auto cache = KvCache::allocate(shape(), type, positions);
    EXPECT_TRUE(cache) << cache.error().message;
    return *std::move(cache);
}

std::vector<float> row(const std::byte* rows, kernels::KvType type, int position) {
    const kernels::BlockFormat& format = kernels::kv_format(type);
    std::vector<float> out(kRow);
    format.dequantize(rows + static_cast<std::size_t>(position) * kernels::kv_row_bytes(type, kRow),
                      kRow / format.elements,
                      out.data());
    return out;
}

TEST(KvCache, TakesTheBytesItSays) {
    for (const auto& [type, per_position] : {std::pair{kernels::KvType::f32, 256u},
                                             std::pair{kernels::KvType::f16, 128u},
                                             std::pair{kernels::KvType::q8_0, 68u}}) {
        EXPECT_EQ(kv_cache_bytes(shape(), type, 10), 2u * 2 * 10 * per_position);
        EXPECT_EQ(make(type, 10).bytes(), 2u * 2 * 10 * per_position);
    }
}

TEST(KvCache, LayersDoNotOverlap) {
    KvCache cache = make(kernels::KvType::f16, 10);
    const std::size_t half = 10 * 128;
    EXPECT_EQ(cache.layer(0).values, cache.layer(0).keys + half);
    EXPECT_EQ(cache.layer(1).keys, cache.layer(0).values + half);
    EXPECT_EQ(cache.layer(1).values - cache.layer(0).keys + half, cache.bytes());
}

TEST(KvCache, Hazard065_HeadsThatAreNoWholeBlocks) {
    Hyperparameters h = shape();
    h.head_dim = 48;
    const auto cache = KvCache::allocate(h, kernels::KvType::q8_0, 10);
    ASSERT_FALSE(cache);
    EXPECT_EQ(cache.error().message,
              "keys and values in Q8_0 need a head length that is a multiple of 32; this model's "
              "is 48");
    EXPECT_TRUE(KvCache::allocate(h, kernels::KvType::f16, 10));
}

TEST(KvCache, Hazard066_OffsetsOfTheLastLayerAreBeyond32Bits) {
    Hyperparameters h = shape();
    h.layers = kMaxLayers;
    auto cache = KvCache::allocate(h, kernels::KvType::f16, 1 << 16);  // 8 GiB, never touched
    if (!cache) GTEST_SKIP() << "the system refuses: " << cache.error().message;
    const std::ptrdiff_t apart = cache->layer(kMaxLayers - 1).keys - cache->layer(0).keys;
    EXPECT_EQ(apart, std::ptrdiff_t{2} * (kMaxLayers - 1) * (1 << 16) * 128);
}

TEST(KvCache, Hazard119_SizesThatWouldWrapRound) {
    Hyperparameters h = shape();
    h.layers = kMaxLayers;
    h.kv_heads = kMaxHeads;
    h.head_dim = kMaxWidth;
    EXPECT_EQ(kv_cache_bytes(h, kernels::KvType::f32, kMaxContext),
              std::numeric_limits<std::uint64_t>::max());
    const auto cache = KvCache::allocate(h, kernels::KvType::f32, kMaxContext);
    ASSERT_FALSE(cache);
    EXPECT_NE(cache.error().message.find("the system refuses"), std::string::npos);
}

class KvCacheShift : public testing::TestWithParam<kernels::KvType> {
 protected:
    static constexpr int kPositions = 150;  // more than a shift turns at a time

    // Keys turned to their positions from `origin` on, and values, in every layer.
    void fill(KvCache& cache, int n_tokens, int origin, int skip) {
        for (int l = 0; l < 2; ++l) {
            std::vector<float> keys = keys_[static_cast<std::size_t>(l)];
            std::vector<float> values = values_[static_cast<std::size_t>(l)];
            keys.erase(keys.begin(), keys.begin() + skip * std::ptrdiff_t{kRow});
            values.erase(values.begin(), values.begin() + skip * std::ptrdiff_t{kRow});
            kernels::Rope turn = rope();
            turn.x = keys.data();
            turn.n_tokens = n_tokens;
            turn.n_heads = 2;
            turn.first_position = origin;
            kernels::run_on_cpu(turn, pool_);
            kernels::run_on_cpu(
                kernels::KvStore{cache.layer(l), keys.data(), values.data(), n_tokens, origin},
                pool_);
        }
        cache.set_length(origin + n_tokens);
    }

    kernels::Rope rope() const {
        return {.x = nullptr,
                .inv_freq = frequencies_.data(),
                .n_tokens = 0,
                .n_heads = 0,
                .head_dim = 32,
                .n_rot = 32,
                .first_position = 0,
                .pairing = kernels::RopePairing::adjacent,
                .magnitude = 1.5F};
    }

    kernels::ThreadPool pool_{2};
    std::vector<float> frequencies_ = rope_frequencies(shape());
    std::vector<std::vector<float>> keys_ = noise(1), values_ = noise(2);

 private:
    static std::vector<std::vector<float>> noise(std::uint32_t seed) {
        std::mt19937 random(seed);
        std::vector<std::vector<float>> out(2, std::vector<float>(kPositions * kRow));
        for (auto& layer : out) {
            for (float& x : layer) x = static_cast<float>(random()) / 2147483648.0F - 1;
        }
        return out;
    }
};

// No element of a key exceeds 1.5 sqrt(2): a pair of ones, turned, times the magnitude. Storing it
// costs `step` at most: half a unit of its 11 bits; or half of 1 / 127 of the largest, and half a
// unit of that in the scale. A shifted key was stored, turned with its error (a pair's errors turn
// together, hence the root) and stored again; the other one was stored once. In float, the rotation
// itself is what rounds: four operations for each of the two.
double bound(kernels::KvType type) {
    const double largest = 1.5 * std::sqrt(2.0), turning = 2 * 4 * 0x1p-24 * largest;
    double step = 0;
    if (type == kernels::KvType::f16) step = 0x1p-11 * largest;
    if (type == kernels::KvType::q8_0) step = (1.0 / 254 + 0x1p-11) * largest;
    return turning + (std::sqrt(2.0) + 2) * step;
}

TEST_P(KvCacheShift, MovesRowsAndTurnsKeysToTheirNewPositions) {
    constexpr int kKeep = 3, kDrop = 20, kLeft = kPositions - kDrop;
    KvCache shifted = make(GetParam(), kPositions), anew = make(GetParam(), kPositions);
    fill(shifted, kPositions, 0, 0);
    fill(anew, kPositions - kKeep - kDrop, kKeep, kKeep + kDrop);
    shifted.shift(kKeep, kDrop, rope(), pool_);
    EXPECT_EQ(shifted.length(), kLeft);
    for (int l = 0; l < 2; ++l) {
        for (int p = kKeep; p < kLeft; ++p) {
            const auto keys = row(shifted.layer(l).keys, GetParam(), p);
            const auto expected = row(anew.layer(l).keys, GetParam(), p);
            for (std::size_t i = 0; i < kRow; ++i) {
                ASSERT_NEAR(keys[i], expected[i], bound(GetParam())) << "position " << p;
            }
            ASSERT_EQ(row(shifted.layer(l).values, GetParam(), p),
                      row(anew.layer(l).values, GetParam(), p));
        }
    }
}

TEST_P(KvCacheShift, LeavesTheKeptRowsAlone) {
    KvCache shifted = make(GetParam(), kPositions), before = make(GetParam(), kPositions);
    fill(shifted, kPositions, 0, 0);
    fill(before, kPositions, 0, 0);
    shifted.shift(5, 7, rope(), pool_);
    for (int p = 0; p < 5; ++p) {
        EXPECT_EQ(row(shifted.layer(1).keys, GetParam(), p),
                  row(before.layer(1).keys, GetParam(), p));
    }
}

TEST_P(KvCacheShift, DroppingTheLastPositionsIsForgettingThem) {
    KvCache cache = make(GetParam(), kPositions);
    fill(cache, kPositions, 0, 0);
    cache.shift(100, 50, rope(), pool_);
    EXPECT_EQ(cache.length(), 100);
}

INSTANTIATE_TEST_SUITE_P(Types,
                         KvCacheShift,
                         testing::Values(kernels::KvType::f32,
                                         kernels::KvType::f16,
                                         kernels::KvType::q8_0));

}  // namespace
}  // namespace greenroom::runtime
