// Turns predictions into guesses worth their way: predictor -> planner -> sink. Knows neither how a
// prediction is made nor what it costs to move an expert.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cache/guess_sink.hpp"
#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

struct PlannerSettings {
    std::size_t look_ahead = 1;       // routings, for guesses into the top tier
    std::size_t host_look_ahead = 1;  // routings, for guesses into host memory
    std::size_t guesses = 2;          // most for one routing
    float confidence = 0;             // none below

    std::size_t horizon() const { return std::max(look_ahead, host_look_ahead); }
    // Guesses under way together: for every routing within reach, and for the one at hand.
    std::size_t most_at_once() const { return guesses * (horizon() + 1); }
};

// How good the predictions of a layer were, each as it stood just before the layer routed. What
// was at hand already counts like the rest: this is about the predictor, not the cache.
struct PredictionCounters {
    std::uint64_t guessed = 0;  // experts
    std::uint64_t used = 0;     // by the layer, when there was a plan for it
    std::uint64_t right = 0;    // both
    double precision() const { return share_of(guessed); }
    double recall() const { return share_of(used); }
    bool operator==(const PredictionCounters&) const = default;
    PredictionCounters& operator+=(const PredictionCounters& other) {
        guessed += other.guessed;
        used += other.used;
        right += other.right;
        return *this;
    }

 private:
    double share_of(std::uint64_t whole) const {
        return whole == 0 ? 0 : static_cast<double>(right) / static_cast<double>(whole);
    }
};

// One caller at a time. Bytes are the sink's affair: it answers "busy" when its room for guesses is
// full, and nothing more is asked of that tier until the next plan.
class Planner {
 public:
    // `sink` must outlive this.
    Planner(const RoutingShape& shape,
            const PlannerSettings& settings,
            std::unique_ptr<Predictor> predictor,
            cache::GuessSink& sink);

    // Called for every routing, behind the demands for its own experts.
    void on_routed(const Routed& routed);
    // Makes guesses for the routings behind the last one, nearest first, and withdraws those of
    // earlier plans that are no longer predicted.
    void plan();
    // The same behind a layer of a prompt: since a prompt's layers use nearly all experts, only
    // when the token behind it comes next.
    void plan_behind_prompt();

    // One per layer.
    std::span<const PredictionCounters> counters() const { return counters_; }

 private:
    // What is predicted for one routing not yet reached.
    struct Plan {
        Moment target;
        std::vector<Guess> guesses;  // the first n_guesses, best first
        std::size_t n_guesses = 0;
        bool is_made = false;
        std::span<const Guess> made() const { return std::span(guesses).first(n_guesses); }
    };

    void count(const Plan& plan, const Routed& routed);
    void revise(Plan& plan, Moment target);
    void withdraw(const Plan& plan, std::span<const Guess> except);
    // False when the sink has no more room.
    bool issue(const Plan& plan, cache::GuessTier tier);

    const RoutingShape shape_;
    const PlannerSettings settings_;
    std::unique_ptr<Predictor> predictor_;
    cache::GuessSink& sink_;
    Moment last_;
    std::vector<Plan> plans_;  // a ring: the next routing's at next_, then those behind it
    std::size_t next_ = 0;
    std::vector<Guess> revised_;
    std::vector<PredictionCounters> counters_;  // by layer
};

}  // namespace greenroom::prefetch
