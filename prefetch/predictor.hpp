// Guesses the routing of a layer not yet reached. Knows nothing of caches, files or clocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "prefetch/routing_shape.hpp"

namespace greenroom::prefetch {

// What a layer chose for one token. Of a prompt, predictors are told the last token.
struct Routed {
    Moment at;
    std::span<const std::uint16_t> experts;  // in routing order, by falling weight
    std::span<const float> weights = {};     // one per expert; empty where a trace has none
};

struct Guess {
    std::uint16_t expert = 0;
    float confidence = 0;  // estimated probability that the layer will use it
};

// One class per method. One caller at a time. Same calls, same answers; nothing is allocated once
// every layer has been told of.
class Predictor {
 public:
    virtual ~Predictor() = default;
    // Told of every routing, in the order in which they happen; experts that the shape does not
    // contain are passed over.
    virtual void on_routed(const Routed& routed) = 0;
    // Fills `out` with guesses of distinct experts, the most confident first, and returns how many
    // it has. `target` lies behind the routing last told of.
    virtual std::size_t guess(Moment target, std::span<Guess> out) = 0;
};

}  // namespace greenroom::prefetch
