// Where the forward pass meets prediction: passes on what each layer routed, in the terms of
// predictors, and lets the planner send for what comes next. Guesses change no output.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "prefetch/make_predictor.hpp"
#include "prefetch/planner.hpp"
#include "runtime/model/router_scores.hpp"

namespace greenroom::runtime {

struct PrefetchSettings {
    std::string predictor = "none";
    // guesses = 0: as many as a token uses.
    prefetch::PlannerSettings plan = {.look_ahead = 1, .host_look_ahead = 2, .guesses = 0};
    const prefetch::RoutingRecord* record = nullptr;  // what "oracle" knows; outlives the model
};

// Most guesses that one plan makes, and one layer's more, which may still be leaving.
std::size_t most_guesses(const PrefetchSettings& settings, int experts_used);

// One caller at a time.
class Prefetcher {
 public:
    // An Error names a predictor that is not known, or what it lacks. `sink` must outlive this.
    static io::Result<std::unique_ptr<Prefetcher>> make(const prefetch::RoutingShape& shape,
                                                        const PrefetchSettings& settings,
                                                        std::unique_ptr<RouterScores> scores,
                                                        cache::GuessSink& sink);

    // What a layer chose for the last token of a batch.
    struct Routed {
        int layer;
        int position;  // of the token
        int n_tokens;  // of the batch
        std::span<const std::int32_t> experts;
        std::span<const float> weights;
        const float* hidden;  // (embed): the residual stream in front of the layer's experts
    };
    // To be called once the layer's own experts are sent for.
    void on_routed(const Routed& routed);

    const prefetch::Planner& planner() const { return planner_; }

 private:
    Prefetcher(std::unique_ptr<RouterScores> scores, prefetch::Planner planner);

    std::unique_ptr<RouterScores> scores_;
    prefetch::Planner planner_;
    std::vector<std::uint16_t> experts_;
};

}  // namespace greenroom::runtime
