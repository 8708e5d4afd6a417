#include "runtime/lab/recorded_gates.hpp"

#include <gtest/gtest.h>
#include <random>

#include "prefetch/predictors/next_gate.hpp"
#include "runtime/lab/trace_recorder.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::uint16_t kLayers = 3, kExperts = 128;

// Scores that somebody computes now.
class LiveGates final : public prefetch::GateScores {
 public:
    bool scores(prefetch::Moment, prefetch::Moment, std::span<float> out) override {
        std::ranges::copy(logits, out.begin());
        return true;
    }
    std::vector<float> logits = std::vector<float>(kExperts);
};

TEST(RecordedGates, LetAPredictorSayWhatItSaidWhenTheyWereRecorded) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(testing::Message() << "seed " << kSeed);
    std::mt19937 random(kSeed);
    std::normal_distribution<float> normal(0, 2);
    TraceRecorder recorder(
        {.layers = kLayers, .experts = kExperts, .experts_per_token = 2, .slot_bytes = {}}, "m");
    const prefetch::RoutingShape shape({kExperts, kExperts, kExperts}, 2);
    LiveGates live;
    prefetch::NextGatePredictor then(shape, live);
    std::vector<std::vector<prefetch::Guess>> said;
    for (int i = 0; i < 40; ++i) {
        const int layer = i % kLayers;
        const std::int32_t experts[] = {1, 2};
        const float weights[] = {0.5f, 0.5f};
        const cache::UseOutcome outcomes[] = {cache::UseOutcome::hit, cache::UseOutcome::hit};
        for (float& logit : live.logits) logit = normal(random);
        const ScoresAhead ahead{layer + 1, live.logits};
        recorder.record({.layer = layer,
                         .experts = experts,
                         .weights = weights,
                         .outcomes = outcomes,
                         .ahead = {&ahead, layer + 1u < kLayers ? 1u : 0u}});
        said.emplace_back(4);
        const auto at = static_cast<std::uint16_t>(layer);
        then.on_routed({.at = {0, at}, .experts = {}});
        then.guess({0, static_cast<std::uint16_t>(at + 1)}, said.back());
    }
    RecordedGates recorded(recorder.trace());
    prefetch::NextGatePredictor again(shape, recorded);
    for (std::size_t i = 0; i < said.size(); ++i) {
        const auto at = static_cast<std::uint16_t>(i % kLayers);
        recorded.set_event(i);
        again.on_routed({.at = {0, at}, .experts = {}});
        std::vector<prefetch::Guess> guesses(4);
        const std::size_t n = again.guess({0, static_cast<std::uint16_t>(at + 1)}, guesses);
        if (at + 1 == kLayers) {
            EXPECT_EQ(n, 0u) << "of the next token nothing was recorded";
            continue;
        }
        ASSERT_EQ(n, 4u);
        for (std::size_t g = 0; g < n; ++g) {
            EXPECT_EQ(guesses[g].expert, said[i][g].expert);
            // exp and log of a float, each within two units in the last place of 24 bits.
            EXPECT_NEAR(guesses[g].confidence, said[i][g].confidence, 1e-4);
        }
    }
}

TEST(RecordedGates, KnowOnlyLaterLayersOfTheSameStep) {
    Trace trace;
    trace.events = {{.layer = 0}, {.layer = 1}};
    trace.predictions = {{.event = 0, .layer = 1, .first_guess = 0, .n_guesses = 1}};
    trace.guess_experts = {2};
    trace.guess_probabilities = {0.25f};
    RecordedGates gates(trace);
    gates.set_event(0);
    std::vector<float> out(4);
    EXPECT_FALSE(gates.scores({0, 0}, {1, 1}, out));
    EXPECT_FALSE(gates.scores({0, 0}, {0, 2}, out));
    ASSERT_TRUE(gates.scores({0, 0}, {0, 1}, out));
    EXPECT_EQ(out[2], std::log(0.25f));
    EXPECT_EQ(out[0], -std::numeric_limits<float>::infinity());
    gates.set_event(1);
    EXPECT_FALSE(gates.scores({0, 1}, {0, 2}, out));
}

}  // namespace
}  // namespace greenroom::runtime
