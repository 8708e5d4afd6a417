#include "runtime/model/router_scores.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

constexpr int kEmbed = 8, kExperts = 3;

class RouterScoresTest : public testing::Test {
 protected:
    RouterScoresTest() {
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            weights_[i] = static_cast<float>(i % 5) - 2;
        }
        for (int i = 0; i < kEmbed; ++i) {
            norm_.push_back(1 + 0.25F * static_cast<float>(i));
            hidden_.push_back(static_cast<float>(3 * i % 7) - 3);
        }
    }
    kernels::Matrix router() const {
        return {reinterpret_cast<const std::byte*>(weights_.data()),
                kernels::BlockType::f32,
                kExperts,
                kEmbed};
    }
    RouterScores make() {
        return RouterScores(
            {{router(), norm_.data()}, {{}, norm_.data()}, {router(), norm_.data()}},
            {kEmbed, 1e-5F, kernels::Arithmetic::exact},
            pool_);
    }

    kernels::ThreadPool pool_{1};
    std::vector<float> weights_ = std::vector<float>(kExperts * kEmbed);
    std::vector<float> norm_, hidden_;
    std::vector<float> out_ = std::vector<float>(kExperts);
};

TEST_F(RouterScoresTest, ApplyALaterLayersNormAndRouter) {
    RouterScores scores = make();
    scores.look_at(hidden_.data());
    ASSERT_TRUE(scores.scores({7, 0}, {7, 2}, out_));
    double squares = 0;
    for (const float x : hidden_) squares += double{x} * x;
    const double scale = 1 / std::sqrt(squares / kEmbed + 1e-5);
    for (std::size_t e = 0; e < kExperts; ++e) {
        double sum = 0, size = 0;
        for (std::size_t i = 0; i < kEmbed; ++i) {
            const double term = scale * hidden_[i] * norm_[i] * weights_[e * kEmbed + i];
            sum += term;
            size += std::abs(term);
        }
        // Each term passes two roundings of the norm, one product and at most kEmbed sums.
        EXPECT_NEAR(out_[e], sum, size * (kEmbed + 4) * 0x1p-24);
    }
}

TEST_F(RouterScoresTest, KnowNothingOfOtherStepsEarlierLayersAndDenseOnes) {
    RouterScores scores = make();
    EXPECT_FALSE(scores.scores({7, 0}, {7, 2}, out_));  // no hidden state yet
    scores.look_at(hidden_.data());
    EXPECT_FALSE(scores.scores({7, 2}, {8, 0}, out_));
    EXPECT_FALSE(scores.scores({7, 2}, {7, 0}, out_));
    EXPECT_FALSE(scores.scores({7, 0}, {7, 1}, out_));
    EXPECT_FALSE(scores.scores({7, 0}, {7, 9}, out_));
    EXPECT_FALSE(scores.scores({7, 0}, {7, 2}, std::span(out_).first(2)));
}

}  // namespace
}  // namespace greenroom::runtime
