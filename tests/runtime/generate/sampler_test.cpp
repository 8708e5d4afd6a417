#include "runtime/generate/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace greenroom::runtime {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

// Nothing but the softmax.
SamplerSettings plain(std::uint64_t seed = 1) {
    return {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0, .seed = seed};
}

std::vector<float> random_logits(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<float> out(n);
    for (float& x : out) x = static_cast<float>(random() % 2000) / 100.0F - 10.0F;
    return out;
}

std::map<TokenId, int> draw_many(Sampler& sampler, const std::vector<float>& logits, int n) {
    std::map<TokenId, int> counts;
    for (int i = 0; i < n; ++i) ++counts[sampler.sample(logits)];
    return counts;
}

std::set<TokenId> reachable(const SamplerSettings& settings, const std::vector<float>& logits) {
    Sampler sampler(settings, logits.size());
    std::set<TokenId> out;
    for (const auto& [id, n] : draw_many(sampler, logits, 2000)) out.insert(id);
    return out;
}

TEST(Uniform, GivesThePublishedNumbersOfSplitMix64) {
    // Its reference implementation gives these outputs for the seed 1234567.
    Uniform uniform(1234567);
    for (const std::uint64_t z :
         {6457827717110365317U, 3203168211198807973U, 9817491932198370423U}) {
        EXPECT_EQ(uniform.next(), static_cast<double>(z >> 11) * 0x1p-53);
    }
}

TEST(Sampler, DefaultsAreTheDocumentedOnes) {
    const SamplerSettings s;
    EXPECT_EQ(s.temperature, 0.8);
    EXPECT_EQ(s.top_k, 40);
    EXPECT_EQ(s.top_p, 0.95);
    EXPECT_EQ(s.min_p, 0.05);
    EXPECT_EQ(s.repeat_penalty, 1.0);
    EXPECT_EQ(s.repeat_last_n, 64);
}

TEST(Sampler, GreedyTakesTheFirstOfTheLikeliest) {
    Sampler sampler({.temperature = 0}, 5);
    EXPECT_EQ(sampler.sample(std::vector<float>{1, 3, 3, 2, 3}), 1);
    Sampler one({.temperature = 5, .top_k = 1}, 5);
    EXPECT_EQ(one.sample(std::vector<float>{0, 0, -1, 0, 0}), 0);
}

TEST(Sampler, SameSeedSameTokens) {
    const std::vector<float> logits = random_logits(500, 3);
    Sampler a({.seed = 42}, 500), b({.seed = 42}, 500), c({.seed = 43}, 500);
    std::vector<TokenId> from_a, from_b, from_c;
    for (int i = 0; i < 100; ++i) {
        from_a.push_back(a.sample(logits));
        from_b.push_back(b.sample(logits));
        from_c.push_back(c.sample(logits));
    }
    EXPECT_EQ(from_a, from_b);
    EXPECT_NE(from_a, from_c);
    a.reset();
    for (const TokenId id : from_a) EXPECT_EQ(a.sample(logits), id);
}

// n draws of an outcome of probability p deviate by more than six standard deviations,
// 6 sqrt(n p (1 - p)), with a probability below 2e-9; the seed is fixed besides.
TEST(Sampler, DrawsWithTheProbabilitiesOfTheSoftmax) {
    const std::vector<float> logits = {0, 1, 2, -1};
    constexpr int kDraws = 40'000;
    for (const double temperature : {0.5, 1.0, 2.0}) {
        SamplerSettings settings = plain(7);
        settings.temperature = temperature;
        Sampler sampler(settings, logits.size());
        const std::map<TokenId, int> counts = draw_many(sampler, logits, kDraws);
        double sum = 0;
        for (const float logit : logits) sum += std::exp(logit / temperature);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double p = std::exp(logits[i] / temperature) / sum;
            EXPECT_NEAR(counts.at(static_cast<TokenId>(i)),
                        kDraws * p,
                        6 * std::sqrt(kDraws * p * (1 - p)));
        }
    }
}

TEST(Sampler, TopKKeepsTheLikeliestAndTheFirstOfEquals) {
    SamplerSettings settings = plain();
    settings.top_k = 2;
    EXPECT_EQ(reachable(settings, {1, 2, 2, 2}), (std::set<TokenId>{1, 2}));
    settings.top_k = 100;  // more than the vocabulary has
    EXPECT_EQ(reachable(settings, {1, 2, 2, 2}), (std::set<TokenId>{0, 1, 2, 3}));
}

TEST(Sampler, TopPKeepsTheFewestThatReachIt) {
    // Probabilities 0.5, 0.25, 0.125, 0.125: exact in binary up to the rounding of exp.
    const float step = std::log(2.0F);
    const std::vector<float> logits = {0, -2 * step, -step, -2 * step};
    SamplerSettings settings = plain();
    settings.top_p = 0.4;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0}));
    settings.top_p = 0.7;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0, 2}));
    settings.top_p = 0.8;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0, 1, 2}));
    settings.top_p = 0;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0}));
}

TEST(Sampler, MinPDropsWhatIsFarBelowTheLikeliest) {
    const std::vector<float> logits = {0, std::log(0.3F), std::log(0.1F)};
    SamplerSettings settings = plain();
    settings.min_p = 0.2;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0, 1}));
    settings.min_p = 1;
    EXPECT_EQ(reachable(settings, logits), (std::set<TokenId>{0}));
}

// The filters as their definitions say, one after the other, on sorted probabilities.
std::set<TokenId> filtered_by_definition(const SamplerSettings& s,
                                         const std::vector<float>& logits) {
    std::vector<TokenId> ids(logits.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<TokenId>(i);
    const auto logit = [&](TokenId id) { return logits[static_cast<std::size_t>(id)]; };
    std::stable_sort(
        ids.begin(), ids.end(), [&](TokenId a, TokenId b) { return logit(a) > logit(b); });
    if (s.top_k > 0) ids.resize(std::min(ids.size(), static_cast<std::size_t>(s.top_k)));
    double sum = 0;
    for (const TokenId id : ids) sum += std::exp(logit(id) - logit(ids[0]));
    double reached = 0;
    std::set<TokenId> out;
    for (const TokenId id : ids) {
        const double weight = std::exp(logit(id) - logit(ids[0]));
        const bool in_top_p = s.top_p >= 1 || out.empty() || reached < s.top_p * sum;
        if (in_top_p && weight >= s.min_p) out.insert(id);
        reached += weight;
    }
    return out;
}

TEST(Sampler, FiltersTogetherKeepWhatTheirDefinitionsKeep) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        std::mt19937_64 random(seed);
        const std::vector<float> logits = random_logits(60, seed);
        SamplerSettings settings = plain(seed);
        settings.temperature = 50;  // nearly uniform: 2000 draws meet all that is left
        settings.top_k = static_cast<int>(random() % 10);
        settings.top_p = static_cast<double>(random() % 11) / 10;
        settings.min_p = static_cast<double>(random() % 3) / 10;
        const std::set<TokenId> expected = filtered_by_definition(settings, logits);
        EXPECT_EQ(reachable(settings, logits), expected);
    }
}

TEST(Sampler, RepeatPenaltyDividesPositiveAndMultipliesNegativeLogits) {
    SamplerSettings settings = {.temperature = 0, .repeat_penalty = 2};
    Sampler sampler(settings, 3);
    sampler.accept(0);
    EXPECT_EQ(sampler.sample(std::vector<float>{4, 2.5F, 0}), 1);     // 2 against 2.5
    EXPECT_EQ(sampler.sample(std::vector<float>{-1, -1.5F, -9}), 1);  // -2 against -1.5
}

TEST(Sampler, PresencePenaltyCountsOnceFrequencyPenaltyEachTime) {
    Sampler presence({.temperature = 0, .presence_penalty = 1}, 2);
    Sampler frequency({.temperature = 0, .frequency_penalty = 1}, 2);
    for (int i = 0; i < 3; ++i) {
        presence.accept(0);
        frequency.accept(0);
    }
    EXPECT_EQ(presence.sample(std::vector<float>{2.5F, 1}), 0);   // 1.5 against 1
    EXPECT_EQ(frequency.sample(std::vector<float>{3.5F, 1}), 1);  // 0.5 against 1
}

TEST(Sampler, ForgetsTokensThatLeaveTheWindow) {
    Sampler sampler({.temperature = 0, .presence_penalty = 5, .repeat_last_n = 2}, 4);
    const std::vector<float> logits = {3, 2, 1, 0};
    for (const TokenId id : {0, 1, 1}) sampler.accept(id);
    EXPECT_EQ(sampler.sample(logits), 0);
    sampler.accept(0);
    EXPECT_EQ(sampler.sample(logits), 2);  // 0 and 1 are in the window
    sampler.accept(2);
    EXPECT_EQ(sampler.sample(logits), 1);
    sampler.forget_recent();
    EXPECT_EQ(sampler.sample(logits), 0);
}

TEST(Sampler, TheWindowMayBeEmptyOrEndless) {
    Sampler none({.temperature = 0, .presence_penalty = 5, .repeat_last_n = 0}, 2);
    Sampler all({.temperature = 0, .presence_penalty = 5, .repeat_last_n = -1}, 2);
    for (Sampler* sampler : {&none, &all}) {
        sampler->accept(0);
        for (int i = 0; i < 100'000; ++i) sampler->accept(1);
    }
    EXPECT_EQ(none.sample(std::vector<float>{1, 0}), 0);
    EXPECT_EQ(all.sample(std::vector<float>{7, 3}), 0);
    EXPECT_EQ(all.sample(std::vector<float>{7, 8.5F}), 1);
}

TEST(Sampler, AcceptIgnoresIdsOutsideTheVocabulary) {
    Sampler sampler({.temperature = 0, .presence_penalty = 5}, 2);
    sampler.accept(-1);
    sampler.accept(2);
    EXPECT_EQ(sampler.sample(std::vector<float>{1, 0}), 0);
}

TEST(Sampler, Hazard059_NanAndInfinitiesNeverEscape) {
    for (const double temperature : {0.0, 1e-300, 1.0, 100.0}) {
        SamplerSettings settings = plain();
        settings.temperature = temperature;
        settings.repeat_penalty = 1.5;
        Sampler sampler(settings, 3);
        for (const TokenId id : {0, 1, 2}) sampler.accept(id);
        EXPECT_EQ(sampler.sample(std::vector<float>{kNan, 1, kNan}), 1);
        EXPECT_EQ(sampler.sample(std::vector<float>{0, 1, kInf}), 2);
        EXPECT_EQ(sampler.sample(std::vector<float>{-kInf, -kInf, -5}), 2);
        const TokenId any = sampler.sample(std::vector<float>{kNan, kNan, kNan});
        EXPECT_TRUE(any >= 0 && any < 3);
        const TokenId some = sampler.sample(std::vector<float>{kInf, -kInf, kNan});
        EXPECT_EQ(some, 0);
    }
}

TEST(Sampler, ChangeKeepsTheRandomNumbersUnlessTheSeedChanges) {
    const std::vector<float> logits = random_logits(300, 5);
    Sampler kept(plain(9), 300), changed(plain(9), 300);
    EXPECT_EQ(kept.sample(logits), changed.sample(logits));
    SamplerSettings settings = plain(9);
    settings.repeat_last_n = 3;
    changed.change(settings);
    EXPECT_EQ(changed.settings(), settings);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(kept.sample(logits), changed.sample(logits));
    changed.change(plain(10));
    Sampler fresh(plain(10), 300);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(fresh.sample(logits), changed.sample(logits));
}

TEST(LogProbability, IsTheLogSoftmax) {
    const std::vector<float> logits = {0, std::log(3.0F)};
    // Sums and logarithms are in double; the inputs are rounded to float, the result again.
    const float rounding = 4 * std::numeric_limits<float>::epsilon();
    EXPECT_NEAR(log_probability(logits, 0), std::log(0.25), rounding);
    EXPECT_NEAR(log_probability(logits, 1), std::log(0.75), rounding);
    EXPECT_EQ(log_probability(std::vector<float>{1000, -1000}, 0), 0);
    EXPECT_EQ(log_probability(std::vector<float>{kNan, 5}, 1), 0);
}

}  // namespace
}  // namespace greenroom::runtime
