#include "prefetch/make_predictor.hpp"

#include <gtest/gtest.h>

namespace greenroom::prefetch {
namespace {

class NoGates final : public GateScores {
 public:
    bool scores(Moment, Moment, std::span<float>) override { return false; }
};

TEST(MakePredictor, MakesEveryPredictorThereIs) {
    NoGates gates;
    RoutingRecord record;
    const PredictorInputs inputs{RoutingShape({8, 8}, 2), 2, &gates, &record};
    for (const std::string_view name : predictor_names()) {
        EXPECT_TRUE(make_predictor(name, inputs)) << name;
    }
}

TEST(MakePredictor, NamesWhatIsMissing) {
    const PredictorInputs inputs{.shape = RoutingShape({8}, 2)};
    const auto unknown = make_predictor("crystal_ball", inputs);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().message,
              "predictor 'crystal_ball' is not known; there are: none, next_gate, "
              "previous_token, transition, frequency, oracle");
    EXPECT_FALSE(make_predictor("next_gate", inputs));
    const auto blind = make_predictor("oracle", inputs);
    ASSERT_FALSE(blind);
    EXPECT_EQ(blind.error().message,
              "predictor 'oracle' needs a recorded routing; it is for replays");
}

TEST(MakePredictor, EveryPredictorGivesTheSameAnswersForTheSameRouting) {
    NoGates gates;
    RoutingRecord record;
    const PredictorInputs inputs{RoutingShape({8, 0, 8}, 2), 2, &gates, &record};
    for (const std::string_view name : predictor_names()) {
        const auto run = [&] {
            const auto predictor = std::move(*make_predictor(name, inputs));
            std::vector<float> seen;
            for (std::uint32_t i = 0; i < 40; ++i) {
                const std::uint16_t chosen[] = {static_cast<std::uint16_t>(i * i % 7),
                                                static_cast<std::uint16_t>(7)};
                const Moment at{i / 2, static_cast<std::uint16_t>(i % 2 * 2)};
                predictor->on_routed({.at = at, .experts = chosen});
                Guess out[3];
                const std::size_t n = predictor->guess(*inputs.shape.after(at, 1), out);
                for (const Guess& guess : std::span(out).first(n)) {
                    seen.push_back(guess.expert);
                    seen.push_back(guess.confidence);
                }
            }
            return seen;
        };
        EXPECT_EQ(run(), run()) << name;
    }
}

}  // namespace
}  // namespace greenroom::prefetch
