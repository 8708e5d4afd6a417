#include "prefetch/predictors/next_gate.hpp"

#include <algorithm>
#include <cmath>

#include "prefetch/best_guesses.hpp"

namespace greenroom::prefetch {
namespace {

// scores = softmax(scores); false when none is finite.
bool to_probabilities(std::span<float> scores) {
    const float largest = std::ranges::max(scores);
    if (!std::isfinite(largest)) return false;
    float sum = 0;
    for (float& score : scores) sum += score = std::exp(score - largest);
    for (float& score : scores) score /= sum;
    return true;
}

// The largest scores under Gumbel noise are distributed like the first arrivals of processes with
// rates p. By the time t at which n arrivals are expected, e has arrived with probability
// 1 - exp(-p_e t).
float time_of_arrivals(std::span<const float> p, std::size_t n) {
    constexpr int kMostSteps = 50;
    constexpr float kCloseEnough = 1e-3F;  // arrivals
    float t = static_cast<float>(n);
    for (int i = 0; i < kMostSteps; ++i) {  // Newton, from below: the expectation is concave in t
        float missing = static_cast<float>(n), rate = 0;
        for (const float p_e : p) {
            const float still_out = std::exp(-p_e * t);
            missing -= 1 - still_out;
            rate += p_e * still_out;
        }
        if (missing < kCloseEnough || rate <= 0) break;
        t += missing / rate;
    }
    return t;
}

}  // namespace

NextGatePredictor::NextGatePredictor(const RoutingShape& shape, GateScores& gates)
    : shape_(shape), gates_(gates), scores_(shape.most_experts()) {}

std::size_t NextGatePredictor::guess(Moment target, std::span<Guess> out) {
    const std::span<float> scores = std::span(scores_).first(shape_.n_experts(target.layer));
    if (scores.empty() || !gates_.scores(last_, target, scores)) return 0;
    if (!to_probabilities(scores)) return 0;
    const float t = time_of_arrivals(scores, shape_.n_used());
    BestGuesses best(out);
    for (std::size_t e = 0; e < scores.size(); ++e) {
        if (scores[e] > 0) {
            best.offer({static_cast<std::uint16_t>(e), 1 - std::exp(-scores[e] * t)});
        }
    }
    return best.size();
}

}  // namespace greenroom::prefetch
