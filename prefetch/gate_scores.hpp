// The router of a later layer, applied to the hidden state of the layer at hand. Who computes or
// has recorded it is not known here.
#pragma once

#include <span>

#include "prefetch/routing_shape.hpp"

namespace greenroom::prefetch {

class GateScores {
 public:
    virtual ~GateScores() = default;
    // Fills `out` (experts of the target layer) with that layer's router logits for the hidden
    // state that the router of `from` saw; minus infinity for experts of which nothing is known.
    // False when there are none: the target is another token's, or too far away.
    virtual bool scores(Moment from, Moment target, std::span<float> out) = 0;
};

}  // namespace greenroom::prefetch
