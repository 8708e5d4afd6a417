#include "runtime/model/feed_forward.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "kernels/mat_mul.hpp"

namespace greenroom::runtime {
namespace {

constexpr int kEmbed = 8, kFf = 12, kExperts = 4, kUsed = 2, kBatch = 5;

std::vector<float> noise(std::uint32_t seed, std::size_t n) {
    std::mt19937 random(seed);
    std::vector<float> out(n);
    for (float& x : out) x = static_cast<float>(random()) / 2147483648.0F - 1;
    return out;
}

kernels::Matrix matrix(const std::vector<float>& values, std::int64_t rows) {
    return {reinterpret_cast<const std::byte*>(values.data()),
            kernels::BlockType::f32,
            rows,
            static_cast<std::int64_t>(values.size()) / rows};
}

struct Expert {
    std::vector<float> gate, up, down;

    explicit Expert(std::uint32_t seed)
        : gate(noise(seed, kFf * kEmbed)),
          up(noise(seed + 1, kFf * kEmbed)),
          down(noise(seed + 2, kFf * kEmbed)) {}

    kernels::ExpertWeights weights() const {
        return {matrix(gate, kFf), matrix(up, kFf), matrix(down, kEmbed)};
    }

    std::vector<double> apply(const float* x) const {
        std::vector<double> hidden(kFf), out(kEmbed);
        for (int r = 0; r < kFf; ++r) {
            double g = 0, u = 0;
            for (int c = 0; c < kEmbed; ++c) {
                g += double{gate[r * kEmbed + c]} * x[c];
                u += double{up[r * kEmbed + c]} * x[c];
            }
            hidden[r] = g / (1 + std::exp(-g)) * u;
        }
        for (int r = 0; r < kEmbed; ++r) {
            for (int c = 0; c < kFf; ++c) out[r] += down[r * kFf + c] * hidden[c];
        }
        return out;
    }
};

// Hands out experts and writes down what is asked of it.
class RecordingStore final : public cache::ExpertStore {
 public:
    explicit RecordingStore(const std::vector<Expert>& experts) : experts_(experts) {}

    io::Result<cache::Stages> announce(std::span<const io::ExpertKey> routed) override {
        for (const io::ExpertKey key : routed) log += " announce " + std::to_string(key.expert);
        order_.assign(routed.rbegin(), routed.rend());
        const std::span<const io::ExpertKey> order = order_;
        const std::size_t n = std::min(on_device, order.size());
        return cache::Stages{.device = order.first(n),
                             .n_at_hand = n / 2,
                             .cpu = order.subspan(n),
                             .are_resident = resident};
    }
    io::Result<cache::ExpertLease> acquire(io::ExpertKey key) override {
        log += " acquire " + std::to_string(key.expert);
        if (key.expert == broken) return io::Error{"the disk is on fire"};
        return cache::ExpertLease(*this, key, experts_[key.expert].weights());
    }

    cache::UseOutcome outcome(io::ExpertKey key) const override {
        return key.expert % 2 == 0 ? cache::UseOutcome::hit : cache::UseOutcome::miss;
    }

    std::string log;
    int broken = -1;
    std::size_t on_device = 0;
    bool resident = false;

 private:
    void release(io::ExpertKey key) override { log += " release " + std::to_string(key.expert); }

    const std::vector<Expert>& experts_;
    std::vector<io::ExpertKey> order_;
};

class FeedForwardTest : public testing::Test {
 protected:
    static Hyperparameters shape(int experts) {
        Hyperparameters h;
        h.embed = kEmbed;
        (experts > 0 ? h.expert_ff : h.dense_ff) = kFf;
        h.experts = experts;
        h.experts_used = experts > 0 ? kUsed : 0;
        return h;
    }

    FeedForward make(int experts) {
        return FeedForward(shape(experts),
                           {.rule = kernels::RouterRule::softmax_top_k_renormalised,
                            .arithmetic = kernels::Arithmetic::exact,
                            .batch = kBatch},
                           store_,
                           pool_);
    }

    io::Result<void> run(FeedForward& block, const std::vector<float>& x, std::vector<float>& out) {
        return block.run({.layer = 3,
                          .first_position = 10,
                          .n_tokens = static_cast<int>(x.size() / kEmbed),
                          .router = router_matrix_,
                          .x = x.data(),
                          .out = out.data()});
    }

    kernels::ThreadPool pool_{2};
    std::vector<Expert> experts_ = {Expert(10), Expert(20), Expert(30), Expert(40)};
    std::vector<float> router_ = noise(1, kExperts* kEmbed);
    kernels::Matrix router_matrix_ = matrix(router_, kExperts);
    RecordingStore store_{experts_};
};

// Hidden values stay below 8 * 8, outputs below 12 * 64, in sums of at most 12 products that follow
// on sums of 8: 32 roundings of numbers below 768 bound the difference to the sums in double, and a
// weight's own error, of the same size, doubles it.
constexpr double kBound = 2 * 32 * 768 * 0x1p-24;

TEST_F(FeedForwardTest, DenseLayersAddTheirBlock) {
    router_matrix_ = {};
    FeedForward block = make(0);
    const std::vector<float> x = noise(2, 3 * kEmbed);
    std::vector<float> out(x.size(), 1.0F);
    ASSERT_TRUE(run(block, x, out));
    for (int t = 0; t < 3; ++t) {
        const std::vector<double> expected = experts_[0].apply(x.data() + t * kEmbed);
        for (int c = 0; c < kEmbed; ++c) {
            EXPECT_NEAR(out[t * kEmbed + c], 1 + expected[c], kBound);
        }
    }
    EXPECT_EQ(store_.log, " announce 0 acquire 0 release 0");
}

TEST_F(FeedForwardTest, AddsTheChosenExpertsByTheirWeights) {
    FeedForward block = make(kExperts);
    std::vector<std::vector<std::int32_t>> ids;
    std::vector<std::vector<float>> weights;
    block.observe_routing([&](const RoutingRow& row) {
        EXPECT_EQ(row.layer, 3);
        EXPECT_EQ(row.position, 10 + static_cast<int>(ids.size()));
        EXPECT_EQ(row.token, static_cast<int>(ids.size()));
        EXPECT_EQ(row.n_tokens, kBatch);
        ASSERT_EQ(row.outcomes.size(), row.experts.size());
        for (std::size_t i = 0; i < row.experts.size(); ++i) {
            EXPECT_EQ(row.outcomes[i] == cache::UseOutcome::hit, row.experts[i] % 2 == 0);
        }
        ids.emplace_back(row.experts.begin(), row.experts.end());
        weights.emplace_back(row.weights.begin(), row.weights.end());
    });
    const std::vector<float> x = noise(3, kBatch * kEmbed);
    std::vector<float> out(x.size(), 0.5F);
    ASSERT_TRUE(run(block, x, out));
    ASSERT_EQ(ids.size(), std::size_t{kBatch});
    for (std::size_t t = 0; t < kBatch; ++t) {
        ASSERT_EQ(ids[t].size(), std::size_t{kUsed});
        EXPECT_NEAR(weights[t][0] + weights[t][1], 1, 4 * 0x1p-24);
        std::vector<double> expected(kEmbed, 0.5);
        for (std::size_t s = 0; s < kUsed; ++s) {
            const auto part =
                experts_[static_cast<std::size_t>(ids[t][s])].apply(x.data() + t * kEmbed);
            for (std::size_t c = 0; c < kEmbed; ++c) expected[c] += weights[t][s] * part[c];
        }
        for (std::size_t c = 0; c < kEmbed; ++c) {
            EXPECT_NEAR(out[t * kEmbed + c], expected[c], kBound);
        }
    }
}

TEST_F(FeedForwardTest, AnnouncesTheWholeSetThenHoldsOneExpertAtATimeInTheStoresOrder) {
    FeedForward block = make(kExperts);
    // The tokens go to experts 3 and 0, and to 2 and 0.
    router_ = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
               0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};
    const std::vector<float> x = {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    std::vector<float> out(x.size());
    ASSERT_TRUE(run(block, x, out));
    EXPECT_EQ(store_.log,
              " announce 3 announce 2 announce 0"
              " acquire 0 release 0 acquire 2 release 2 acquire 3 release 3");
}

TEST_F(FeedForwardTest, WhatIsOnItsWayToTheDeviceRunsLast) {
    FeedForward block = make(kExperts);
    router_ = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
               0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};
    const std::vector<float> x = {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    std::vector<float> on_cpu(x.size()), staged(x.size());
    ASSERT_TRUE(run(block, x, on_cpu));
    store_.log.clear();
    store_.on_device = 2;  // 0 is there and 2 is not, 3 is the CPU's
    ASSERT_TRUE(run(block, x, staged));
    EXPECT_NE(store_.log.find(" acquire 0 release 0 acquire 3 release 3 acquire 2"),
              std::string::npos)
        << store_.log;
    EXPECT_EQ(staged, on_cpu);
}

TEST_F(FeedForwardTest, TokensInOneCallAndOneByOneGiveTheSameBits) {
    FeedForward block = make(kExperts);
    const std::vector<float> x = noise(4, kBatch * kEmbed);
    std::vector<float> at_once(x.size());
    ASSERT_TRUE(run(block, x, at_once));
    for (int t = 0; t < kBatch; ++t) {
        const std::vector<float> row(x.begin() + t * kEmbed, x.begin() + (t + 1) * kEmbed);
        std::vector<float> out(kEmbed);
        ASSERT_TRUE(run(block, row, out));
        EXPECT_TRUE(std::equal(out.begin(), out.end(), at_once.begin() + t * kEmbed)) << t;
    }
}

TEST_F(FeedForwardTest, ResidentExpertsOfOneTokenRunTogetherWithTheSameBits) {
    const std::vector<float> x = noise(7, kEmbed);
    FeedForward block = make(kExperts);
    std::vector<float> one_by_one(kEmbed, 1), together(kEmbed, 1);
    ASSERT_TRUE(run(block, x, one_by_one));
    store_.resident = true;
    store_.log.clear();
    ASSERT_TRUE(run(block, x, together));
    EXPECT_EQ(together, one_by_one);
    EXPECT_LT(store_.log.rfind("acquire"), store_.log.find("release")) << store_.log;
}

TEST_F(FeedForwardTest, AnExpertThatCannotBeHadIsAnError) {
    FeedForward block = make(kExperts);
    const std::vector<float> x = noise(5, kBatch * kEmbed);
    std::vector<float> out(x.size());
    ASSERT_TRUE(run(block, x, out));
    store_.broken = store_.log.back() - '0';
    const auto failed = run(block, x, out);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "the disk is on fire");
}

TEST_F(FeedForwardTest, Hazard059_NaNInTheRouterNamesNoExpertTwiceOrOutOfRange) {
    FeedForward block = make(kExperts);
    std::fill(router_.begin() + kEmbed, router_.end(), std::nanf(""));  // all but expert 0
    std::vector<std::int32_t> ids;
    block.observe_routing(
        [&](const RoutingRow& row) { ids.assign(row.experts.begin(), row.experts.end()); });
    const std::vector<float> x = noise(6, kEmbed);
    std::vector<float> out(kEmbed);
    ASSERT_TRUE(run(block, x, out));
    EXPECT_EQ(ids, (std::vector<std::int32_t>{0, 1}));
}

TEST_F(FeedForwardTest, Hazard061_EqualLogitsGoToTheLowestIds) {
    FeedForward block = make(kExperts);
    std::fill(router_.begin(), router_.end(), 0.0F);
    std::vector<std::int32_t> ids;
    block.observe_routing(
        [&](const RoutingRow& row) { ids.assign(row.experts.begin(), row.experts.end()); });
    const std::vector<float> x = noise(7, kEmbed);
    std::vector<float> out(kEmbed);
    ASSERT_TRUE(run(block, x, out));
    EXPECT_EQ(ids, (std::vector<std::int32_t>{0, 1}));
}

}  // namespace
}  // namespace greenroom::runtime
